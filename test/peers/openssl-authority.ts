import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A certification authority as the openssl command line makes one: certificates of cards, authorities below it, revocation
 * lists. What openssl dates begins at the computer's own clock.
 */
export class OpensslAuthority {
  /** PEM. */
  readonly certificate: string
  readonly #folder: string
  readonly #place: string
  readonly #key: string
  #lists = 0
  #numbers = 1

  private constructor(folder: string, name: string, parent?: OpensslAuthority, extensions = '') {
    this.#folder = folder
    this.#place = join(folder, `${name}-${randomBytes(4).toString('hex')}`)
    this.#key = `${this.#place}.key`
    this.certificate = `${this.#place}.pem`
    writeFileSync(`${this.#place}.index`, '')
    writeFileSync(
      `${this.#place}.cnf`,
      [
        ...['[ca]', 'default_ca=a', '[a]', `database=${this.#place}.index`, `certificate=${this.certificate}`],
        ...[`private_key=${this.#key}`, 'default_md=sha256', '[plain]', '[unknown]', '1.2.3.4=critical,DER:0500'],
        ...['[partial]', 'issuingDistributionPoint=critical,@part', '[part]', 'onlyuser=TRUE'],
      ].join('\n'),
    )
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', this.#key)
    const publicKey = Buffer.from(run('pkey', '-in', this.#key, '-pubout', '-outform', 'DER'))
    const own = `basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n${extensions}`
    const der = (parent ?? this).#sign(publicKey, name, { extensions: own, isOwn: parent === undefined })
    writeFileSync(this.certificate, pem(der))
  }

  /** A root, in a folder of its own. */
  static make(name = 'Root', extensions = ''): OpensslAuthority {
    return new OpensslAuthority(mkdtempSync(join(tmpdir(), 'unlatch-authority-')), name, undefined, extensions)
  }

  /** An authority that this one vouches for. */
  below(name: string, extensions = ''): OpensslAuthority {
    return new OpensslAuthority(this.#folder, name, this, extensions)
  }

  /** A card's certificate, DER, for its public key (SubjectPublicKeyInfo, DER). */
  issue(publicKey: Uint8Array, options: { days?: number; extensions?: string; hash?: string } = {}): Uint8Array {
    return this.#sign(publicKey, 'Operator', { extensions: 'keyUsage=critical,digitalSignature', ...options })
  }

  /** Revoked in every list from now on; an authority's too. */
  revoke(certificate: Uint8Array | string, reason = 'keyCompromise'): void {
    const path = typeof certificate === 'string' ? certificate : this.#write('revoked.pem', pem(certificate))
    run('ca', '-config', `${this.#place}.cnf`, '-revoke', path, '-crl_reason', reason)
  }

  /** A revocation list of now, DER; returns where it lies. */
  list(options: { hours?: number; from?: Date; until?: Date; with?: 'plain' | 'unknown' | 'partial' } = {}): string {
    const { hours = 24, from, until, with: section = 'plain' } = options
    const path = join(this.#folder, `${++this.#lists}-${randomBytes(4).toString('hex')}.crl`)
    const times = [
      ...(from ? ['-crl_lastupdate', writeTime(from)] : []),
      ...(until ? ['-crl_nextupdate', writeTime(until)] : ['-crlhours', `${hours}`]),
    ]
    run('ca', '-config', `${this.#place}.cnf`, '-gencrl', '-crlexts', section, ...times, '-out', `${path}.pem`)
    run('crl', '-in', `${path}.pem`, '-outform', 'DER', '-out', path)
    return path
  }

  /** These authorities in one file. */
  bundle(...others: readonly OpensslAuthority[]): string {
    const texts = [this, ...others].map(({ certificate }) => readFileSync(certificate, 'utf8'))
    return this.#write('bundle.pem', texts.join('\n'))
  }

  /** Takes the folder of the root and all below it away. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #sign(
    publicKey: Uint8Array,
    name: string,
    options: { days?: number; extensions?: string; hash?: string; isOwn?: boolean },
  ): Uint8Array {
    const { days = 365, extensions = '', hash = 'sha256', isOwn = false } = options
    const [asked, extended] = [this.#write('asked.der', publicKey), this.#write('extensions.cnf', extensions)]
    const by = isOwn ? ['-key', this.#key] : ['-CA', this.certificate, '-CAkey', this.#key, '-force_pubkey', asked]
    const number = ['-set_serial', `0x00${(++this.#numbers + 0x7f).toString(16).padStart(4, '0')}`]
    const words = ['-new', '-subj', `/CN=${name}`, ...by, ...number, '-days', `${days}`, `-${hash}`]
    return run('x509', ...words, '-extfile', extended, '-outform', 'DER')
  }

  #write(name: string, content: string | Uint8Array): string {
    const path = join(this.#folder, `${randomBytes(4).toString('hex')}-${name}`)
    writeFileSync(path, content)
    return path
  }
}

const run = (...words: readonly string[]): Uint8Array =>
  execFileSync('openssl', words, { stdio: 'pipe', timeout: 30_000 })

/** YYYYMMDDHHMMSSZ. */
const writeTime = (date: Date): string => `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`

const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`
