import { isProblemCode, PROBLEMS, Problem } from '@unlatch/contract'
import { Command, CommanderError } from 'commander'

/** Reads the command line and does what it says; server and agent code is loaded only when a word asks for it. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command('unlatch')
    .description('Unblocks smart cards, safely, wherever they are.')
    .version('0.1.0')
    .configureOutput({ outputError: (text, write) => write(inOurManner(text)) })
    .exitOverride()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosed)

  program
    .command('demo')
    .helpGroup(AUDIENCE.everybody)
    .description('the whole product with virtual cards: nothing to install, nothing to plug in')
    .option('--script <name>', 'play a procedure step by step and exit: phone, puc, operator, self-service')
    .option('--kind <kind>', 'with --script: one kind of card only')
    .option('--trace', 'with --script: print each command that a card gets (never a PIN)')
    .option('--folder <folder>', 'keep the demo here', '.unlatch/demo')
    .option('--fresh', 'start over with an empty folder')
    .option('--port <port>', "the console's port", '0')
    .option('--log <level>', "the server's log, on the error channel: error, info, debug, trace", 'silent')
    .action(async (options) => {
      if (options.script === undefined) return (await import('./demo/demo.ts')).demo(options)
      const play = await findScript(options.script)
      if (!play) throw new Problem('wrong-usage', { detail: `there is no script ${options.script}` })
      process.exitCode = await play(options)
    })

  atCard(program.command('unblock'))
    .helpGroup(AUDIENCE.cardholder)
    .description('unblock the card in the reader: by telephone, or with a PUC')
    .option('--offline', 'by telephone, without the server: challenge, call, cryptogram, new PIN')
    .option('--puc', 'with the PUC that you got by letter or mail, without server and call (PIV cards)')
    .option('--input-fd <number>', 'read cryptogram or PUC, and PINs, from this file descriptor, a line each')
    .option('--force', 'also when the PIN is not blocked')
    .option('--json', 'machine-readable output')
    .action(async (options) => (await import('./unblock.ts')).unblockAtTerminal(options))

  atCard(program.command('my-smartcard'))
    .helpGroup(AUDIENCE.cardholder)
    .description('open the page on which you choose a PIN, or unblock your card yourself')
    .action(async (options) => (await import('./my-smartcard.ts')).openMySmartcard(options))

  atCard(program.command('register'))
    .helpGroup(AUDIENCE.station)
    .description("at a station: the card in the reader becomes a person's")
    .requiredOption('--user <name>', "the holder's user name")
    .requiredOption('--serial <text>', 'the serial that is printed on the card')
    .option('--label <text>', 'what its holder calls it', 'Smart card')
    .option('--template <name>', 'the card template: what becomes of its PUC, which PIN it takes')
    .option('--admin-tries <number>', 'GIDS: tries that the card gives its admin key, 0 for none (unknown: 3)')
    .option('--factory-key <name>', 'GIDS: the admin key that it left its factory with: counting (01 to 08) or zeros')
    .action(async (options) => (await import('./station.ts')).register(options))

  atCard(program.command('issue'))
    .helpGroup(AUDIENCE.station)
    .description('at a station: a registered card gets secrets of its own; goes on after a tear')
    .requiredOption('--card <id>', 'what register printed')
    .option('--current-keys', 'a card of another system: ask for the PUK and keys that it has now')
    .option(
      '--current-keys-fd <number>',
      'read them from this file descriptor: PIV the PUK, then 9B; GIDS the admin key',
    )
    .option('--fresh-card', "the card was reset by its maker's tool, or is another one than before")
    .option(
      '--factory-key <name>',
      'GIDS, with --fresh-card: the admin key that it has now: counting (01 to 08) or zeros',
    )
    .action(async (options) => (await import('./station.ts')).issue(options))

  atCard(program.command('reissue'))
    .helpGroup(AUDIENCE.station)
    .description('at a station: a card of ours is given to another person; nothing its last holder knows opens it')
    .requiredOption('--card <id>', 'its id, as register printed it')
    .requiredOption('--user <name>', "the new holder's user name")
    .option('--label <text>', 'what its new holder calls it')
    .action(async (options) => (await import('./station.ts')).reissue(options))

  atCard(program.command('contact'))
    .helpGroup(AUDIENCE.station)
    .description('the card proves itself; a PUK that somebody may know is exchanged')
    .option(
      '--consent',
      'at a station: its holder agrees to the one try that a supervisor approved, where it is not sure which secret it has',
    )
    .action(async (options) => (await import('./station.ts')).contact(options))

  const agent = atCard(program.command('agent'))
    .helpGroup(AUDIENCE.station)
    .description("this computer's agent: its page for cardholders, and its channel to the server")
    .option('--open', 'open the page in a browser')
    .option('--port <port>', 'serve the page at this port, or not at all')
    .option(
      '--service',
      'as a service (Linux): open no page here; "agent session" does, for whoever sits at this computer',
    )
    .action(async (options) => (await import('./agent.ts')).runAgent(options))
  agent
    .command('session')
    .description("the pages of this computer's service, in the session of whoever sits at it")
    .option('--socket <path>', 'where the service listens (/run/unlatch-agent/session.sock)')
    .option('--open', 'open the page in a browser')
    .action(async (_options, command) =>
      (await import('./agent-session.ts')).runAgentSession(command.optsWithGlobals()),
    )
  agent
    .command('enrol')
    .description('enrol this computer with the code that an administrator made (Options > Agents)')
    .option('--code <code>', 'the code; without it you are asked, and no other user of this computer sees it')
    .option('--new-key', 'with a new key, where the one of before is enrolled or revoked')
    .action(async (_options, command) => (await import('./enrol.ts')).enrolAgent(command.optsWithGlobals()))

  agent
    .command('doctor')
    .description(
      'look at this computer: readers, server, clock, and what might record a PIN; exit 4 at a warning, 5 worse',
    )
    .option('--json', 'machine-readable output')
    .action(async (_options, command) => (await import('./doctor.ts')).examineHere(command.optsWithGlobals()))

  atServer(program.command('serve'))
    .helpGroup(AUDIENCE.administrator)
    .description('the server, with everything it needs in one folder; an empty machine is enough')
    .option('--host <address>', 'listen here; anywhere but on this computer a certificate is needed')
    .option('--port <port>', 'listen at this port (8443; 8080 without a certificate)')
    .action(async (options) => (await import('./serve.ts')).serve(options))

  atServer(program.command('backup'))
    .helpGroup(AUDIENCE.administrator)
    .description('copies database, sealed keys and key journal, while the server works')
    .requiredOption('--to <folder>', 'makes a new folder inside this one')
    .action(async (options) => (await import('./restore.ts')).backup(options))

  const restore = atServer(program.command('restore'))
    .helpGroup(AUDIENCE.administrator)
    .description('puts a backup back, with no server running')
    .option('--from <backup>', 'a folder that backup made')
    .action(async (options) => (await import('./restore.ts')).restore(options))
  atServer(restore.command('accept'))
    .description('the key custodian accepts a database that is older than the key journal')
    .action(async (_options, command) => (await import('./restore.ts')).acceptRestore(command.optsWithGlobals()))

  program
    .command('cards')
    .helpGroup(AUDIENCE.developer)
    .description('virtual cards')
    .command('serve')
    .description('show virtual cards to pcscd, through its virtual reader vpcd')
    .option('--vpcd <host:port>', 'where vpcd listens', '127.0.0.1:35963')
    .requiredOption('--card <kind...>', 'a card for each slot, as KIND or KIND:FILE; it is kept in that file')
    .action(async (options) => (await import('./cards-serve.ts')).serveCards(options))

  try {
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = tellError(error)
  }
}

/** For whom a command is, as the help groups them. */
const AUDIENCE = {
  everybody: 'To look around:',
  cardholder: 'For cardholders:',
  station: 'For operators, at a station:',
  administrator: 'For administrators:',
  developer: 'For developers:',
} as const

/** One line with our name before it, and a hint. */
const inOurManner = (text: string) =>
  text.replace(/^error: /, 'unlatch: ').replace(/\((Did you mean .*)\)/, (_, hint: string) => `unlatch: hint: ${hint}`)

/** Whoever read our output went away (`| head`): what is being done at a card is done to its end. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** What every command that works at a card takes. */
const atCard = (command: Command): Command =>
  command
    .option('--reader <name>', 'this reader; else the first that has a card')
    .option('--virtual-card <file>', 'a virtual card instead of a reader')
    .option('--folder <folder>', 'where this agent keeps its key, its journal and the configuration')
    .option('--server <url>', 'the server; kept for the next time')
    .option('--configuration-key <hex>', "the server's configuration key; kept for the next time")
    .option('--ca <file>', "the authority of the server's certificate, in PEM; kept, and no other is trusted")
    .option('--trace', 'print each command that the card gets (never a PIN)')

/** What every command about a server takes. */
const atServer = (command: Command): Command =>
  command
    .option('--config <file>', "the server's configuration (/etc/unlatch/unlatch.yaml)")
    .option('--folder <folder>', 'where the server keeps database, keys and journal')
    .option('--log <level>', 'silent, error, warn, info, debug, trace')
    .option('--ask-passphrase', 'ask for the passphrase of the key store')
    .option('--passphrase-fd <number>', 'read the passphrase from this file descriptor')

/** One line on the error channel, and the exit code. */
function tellError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Problem && isProblemCode(error.code)) {
    const { title, exit } = PROBLEMS[error.code]
    console.error(`unlatch: ${title.charAt(0).toLowerCase()}${title.slice(1)}`)
    if (error.message !== title) console.error(`unlatch: hint: ${error.message}`)
    if (typeof error.facts.why === 'string') console.error(`unlatch: hint: ${error.facts.why}`)
    return exit
  }
  console.error(`unlatch: ${error instanceof Error ? error.message : String(error)}`)
  if (process.env.UNLATCH_VERBOSE) console.error(error)
  return 1
}

/** The scripts that play a procedure, by name; undefined when there is none. */
async function findScript(name: string) {
  if (name === 'phone') return (await import('./demo/phone.ts')).phone
  if (name === 'self-service') return (await import('./demo/self-service.ts')).selfService
  if (name === 'puc') return (await import('./demo/puc.ts')).puc
  return name === 'operator' ? (await import('./demo/operator.ts')).operator : undefined
}
