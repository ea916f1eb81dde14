// Who may import whom. A rule's comment is the sentence that a developer reads when the check fails.
const src = (name) => `^packages/${name}/src/`
const TESTS = '\\.(test|contract|fixture)\\.tsx?$'
/** Files of `from` may import from `from` itself and from `allowed`, and no other code of ours. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TESTS },
  to: { path: '^(packages|test)/', pathNot: ['node_modules', from, ...allowed] },
})
const never = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to })
const S = src('server')
const A = src('agent')
const W = src('web')
/** The primitives that Node answers for card: beside its sources, not inside. */
const NODE_CRYPTO = '^packages/card/node-crypto\\.ts$'
const APPS = '(console|unblock-screen|not-me)'

module.exports = {
  forbidden: [
    never('no-cycles', {}, { circular: true }, 'Two files that import each other are one file.'),
    never('resolvable', {}, { couldNotResolve: true }, 'This import leads nowhere, or past a front door.'),
    never(
      'declared',
      { path: '^packages/', pathNot: TESTS },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
      "Name the dependency in this workspace's own package.json.",
    ),

    // between packages
    only('card-stands-alone', src('card'), [], 'card knows cards and nothing else.'),
    only('contract-stands-alone', src('contract'), [], 'contract is what both ends of a wire share.'),
    only('server-imports', S, [src('card'), NODE_CRYPTO, src('contract')], 'server may use card and contract.'),
    only(
      'agent-imports',
      A,
      [src('card'), NODE_CRYPTO, src('contract'), src('virtual-cards')],
      'agent may use card and contract (its virtual reader: virtual-cards), never server.',
    ),
    only('web-imports', W, [src('contract')], 'web reaches the others over the wire, through contract.'),
    only(
      'virtual-cards-imports',
      src('virtual-cards'),
      [src('card'), NODE_CRYPTO],
      'virtual cards know card and nothing else of ours.',
    ),
    only(
      'unlatch-imports',
      src('unlatch'),
      [src('server'), src('agent'), src('virtual-cards'), src('card'), NODE_CRYPTO, src('contract')],
      'unlatch puts server and agent together, by their front doors.',
    ),
    never(
      'front-doors',
      { path: '^packages/([^/]+)/' },
      {
        path: '^packages/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/index\\.ts$',
          '^packages/(card|contract)/src/[^/]+/index\\.ts$',
          // One catalogue alone, for a page.
          '^packages/contract/src/messages/[a-z]{2}\\.ts$',
          NODE_CRYPTO,
        ],
      },
      'Import another package by its name, never by a path into it.',
    ),
    never(
      'pure',
      { path: '^packages/(card|contract)/src/', pathNot: TESTS },
      { dependencyTypes: ['core'] },
      'card and contract do no I/O.',
    ),
    never(
      'card-needs-nobody',
      { path: src('card'), pathNot: TESTS },
      { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
      'card has no dependencies.',
    ),

    // inside server
    only(
      'records',
      `${S}records/`,
      [`${S}db/`, `${S}ports/`, src('card'), src('contract')],
      'Nouns never import verbs.',
    ),
    never(
      'operations-apart',
      { path: `${S}operations/([^/]+)/` },
      { path: `${S}operations/[^/]+/`, pathNot: `${S}operations/$1/` },
      'One operation never calls another: share through a record.',
    ),
    never(
      'operations-inward',
      { path: `${S}operations/`, pathNot: TESTS },
      { path: `${S}(adapters|http|jobs|main)` },
      'Operations know the world by its ports.',
    ),
    never(
      'adapters-at-the-edge',
      { path: `${S}adapters/([^/]+)/`, pathNot: TESTS },
      { path: S, pathNot: [`${S}ports/`, `${S}adapters/$1/`] },
      'An adapter knows its port and nothing else of ours.',
    ),
    never(
      'only-main-wires',
      { path: S, pathNot: [`${S}(main|backup)\\.ts$`, `${S}adapters/`, TESTS] },
      { path: `${S}adapters/` },
      'Adapters are chosen in main.ts alone (and copied in backup.ts).',
    ),
    never(
      'doors',
      { path: `${S}(http|jobs)/`, pathNot: TESTS },
      {
        path: `${S}records/`,
        pathNot: [
          `${S}records/(view|actors)\\.ts$`,
          `${S}records/[^/]+/views\\.ts$`,
          `${S}records/(sessions|throttles|presence|outbox)/`,
          `${S}records/audit/seals\\.ts$`,
        ],
      },
      'Doors read through views and change through operations.',
    ),
    never(
      'doors-no-sql',
      { path: `${S}(http|jobs)/`, pathNot: TESTS },
      { path: `${S}db/`, dependencyTypesNot: ['type-only'] },
      'Doors hold no SQL.',
    ),
    never(
      'one-pen',
      { path: S, pathNot: [`${S}operations/operation\\.ts$`, `${S}records/audit/`, TESTS] },
      { path: `${S}records/audit/append\\.ts$` },
      'Only the corridor writes the audit log.',
    ),

    // inside agent and web
    never(
      'only-virtual-reader',
      { path: A, pathNot: [`${A}adapters/virtual-reader/`, TESTS] },
      { path: src('virtual-cards') },
      'Only the virtual reader pretends.',
    ),
    never(
      'agent-tasks-inward',
      { path: `${A}tasks/`, pathNot: TESTS },
      { path: `${A}(cli|loopback|channel|adapters|main)` },
      'Tasks do not know their doors.',
    ),
    never(
      'two-apps',
      { path: `${W}${APPS}/` },
      { path: `${W}${APPS}/`, pathNot: `${W}$1/` },
      'The apps meet only in shared/.',
    ),
    never('web-shared-below', { path: `${W}shared/` }, { path: `${W}${APPS}/` }, 'shared/ knows no app.'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true, // type-only imports count too
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
}
