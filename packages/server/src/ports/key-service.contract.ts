import { constants, createECDH, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { ascii, concat, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import {
  type AttemptKeys,
  CARD_PROOF_LENGTH,
  deriveAttemptKeys,
  deriveSealKey,
  maskPuk,
  unmaskPuk,
  type Variant,
  writeChallenge,
  writeProofContext,
  writeReceipt,
  writeRehearsal,
  writeSealContext,
  writeStationContext,
} from '@unlatch/card/unblock'
import { HOTP, Secret } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyService, SealedCard, SealTarget } from './key-service.ts'

/** Everything that a key service may be asked. A verb that is not here was not thought about. */
const VERBS = [
  'answerAdminChallenge',
  'answerMutually',
  'checkCardProof',
  'checkChallenge',
  'checkOneTimePassword',
  'checkReceipt',
  'checkRehearsal',
  'close',
  'configurationKey',
  'countStart',
  'drawOneTimeSecret',
  'importSecret',
  'journalState',
  'journalled',
  'keyCommand',
  'macCode',
  'nextPukGeneration',
  'prepareSeal',
  'proveCard',
  'raiseEpoch',
  'releaseCryptogram',
  'releaseUnblockCodes',
  'revealPuc',
  'rotatePuk',
  'sealCardKey',
  'sealCardProof',
  'sealPuk',
  'sealPukAtStation',
  'signClientConfiguration',
  'unblockPoints',
  'useConnectionSecret',
  'wrapConnectionSecret',
]

const CARD = nodeCrypto.random(16)
const FIRST = { epoch: 0, counter: 1 }
const STATION = { station: 'station-1', recordId: 'record-1', cardUuid: CARD }
const TICKET = { id: 'ticket-1', cardUuid: CARD, ways: ['in-person'], notAfter: '2999-01-01T00:00:00.000Z' }
const PERMIT = { unblockId: 'unblock-1', recordId: 'record-1', cardUuid: CARD, ticket: TICKET }

/** What every key service must do: one suite for all of them, so that none can lie. */
export function describeKeyService(name: string, open: (releasesPerHour: number) => Promise<KeyService>): void {
  describe(`key service: ${name}`, () => {
    let keys: KeyService
    beforeEach(async () => {
      keys = await open(100)
    })
    afterEach(() => keys.close())

    /** A card of variant 1 whose 9E key the test holds, and its attempt. */
    async function makeCard(): Promise<{ card: SealedCard; attempt(nonce: Uint8Array): AttemptKeys }> {
      const ecdh = createECDH('prime256v1')
      const sealedKey = await keys.sealCardKey(STATION, { variant: 1, octets: ecdh.generateKeys() })
      const z = ecdh.computeSecret(keys.unblockPoints[0] as Uint8Array)
      return {
        card: { cardUuid: CARD, sealedKey },
        attempt: (nonce) => deriveAttemptKeys(nodeCrypto, z, nonce, 1, CARD),
      }
    }

    it('has these verbs and no others: none derives, encrypts or returns a key of a card', () => {
      expect(Object.keys(keys).sort()).toEqual(VERBS)
    })

    it('knows a challenge of its card, and no other', async () => {
      const { card, attempt } = await makeCard()
      const nonce = nodeCrypto.random(5)
      const challenge = writeChallenge(nodeCrypto, attempt(nonce), nonce)
      expect(await keys.checkChallenge(card, challenge)).toEqual({
        unblockKeyId: expect.stringMatching(/^[0-9A-F]{16}$/),
      })
      expect(await keys.checkChallenge(card, '0000000000')).toBeUndefined()
    })

    it('releases one PUK a generation, under the mask of the attempt; reads its receipts', async () => {
      const { card, attempt } = await makeCard()
      const pukOf = async (nonce: Uint8Array, counter: number) => {
        const challenge = writeChallenge(nodeCrypto, attempt(nonce), nonce)
        const cryptogram = await keys.releaseCryptogram(PERMIT, card, { epoch: 0, counter }, challenge)
        return { challenge, cryptogram, puk: unmaskPuk(nodeCrypto, attempt(nonce), ascii(cryptogram)) }
      }
      const [one, two] = [nodeCrypto.random(5), nodeCrypto.random(5)]
      const first = await pukOf(one, 1)
      expect((await pukOf(two, 1)).puk).toEqual(first.puk)
      expect((await pukOf(two, 2)).puk).not.toEqual(first.puk)
      const { unblockKeyId = '' } = (await keys.checkChallenge(card, first.challenge)) ?? {}
      const release = { puk: FIRST, challenge: first.challenge, unblockKeyId }
      const receipt = writeReceipt(nodeCrypto, attempt(one), ascii(first.cryptogram), { code: 'refused', triesLeft: 2 })
      expect(await keys.checkReceipt(card, release, receipt)).toEqual({ code: 'refused', triesLeft: 2 })
      // Three digits of a receipt are right by chance once in a thousand times.
      const ofOthers = [2, 3, 4, 5].map((counter) =>
        keys.checkReceipt(card, { ...release, puk: { epoch: 0, counter } }, receipt),
      )
      expect(await Promise.all(ofOthers)).toContain(undefined)
      expect(await keys.checkReceipt(card, release, 'gibberish')).toBeUndefined()
    })

    it('reveals a PUC of ours to whom it may be known, and to nobody else', async () => {
      const { card, attempt } = await makeCard()
      const nonce = nodeCrypto.random(5)
      const challenge = writeChallenge(nodeCrypto, attempt(nonce), nonce)
      const cryptogram = await keys.releaseCryptogram(PERMIT, card, FIRST, challenge)
      const puk = unmaskPuk(nodeCrypto, attempt(nonce), ascii(cryptogram))
      const permit = { recordId: 'record-1', cardUuid: CARD, to: 'delivery:1', ticket: null }
      expect(ascii(await keys.revealPuc(permit, FIRST))).toEqual(puk)
      for (const lacking of [
        { ...permit, recordId: '' },
        { ...permit, to: '' },
        { ...permit, ticket: { ...TICKET, notAfter: '2020-01-01T00:00:00.000Z' } },
      ])
        await expect(keys.revealPuc(lacking, FIRST)).rejects.toMatchObject({ code: 'permit' })
    })

    describe('a sealed PUK', () => {
      const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
      const info = nodeCrypto.sha256(ascii('statement'))

      /** What an agent does with the answer: `agree` is the card. */
      async function exchange(
        card: SealedCard,
        agree: (binding: Uint8Array) => Uint8Array,
        changes: Partial<SealTarget> = {},
      ) {
        const job = await suite.kem.generateKeyPair()
        const jobKey = new Uint8Array(await suite.kem.serializePublicKey(job.publicKey))
        const binding = await keys.prepareSeal(card)
        const target = { binding, jobKey, info, ...changes }
        const { variant, encapsulated, ciphertext } = await keys.sealPuk(PERMIT, card, FIRST, target)
        const context = {
          recipientKey: job,
          enc: encapsulated as Uint8Array<ArrayBuffer>,
          info,
          psk: {
            key: deriveSealKey(nodeCrypto, variant, agree(binding)).buffer,
            id: writeSealContext(variant, CARD).buffer,
          },
        }
        const opened = await (await suite.createRecipientContext(context)).open(ciphertext as Uint8Array<ArrayBuffer>)
        return new TextDecoder().decode(opened)
      }
      const puk = () => keys.revealPuc({ recordId: 'record-1', cardUuid: CARD, to: 'test', ticket: null }, FIRST)

      it('is opened by its card at its agent, by ECDH', async () => {
        const ecdh = createECDH('prime256v1')
        const sealedKey = await keys.sealCardKey(STATION, { variant: 1, octets: ecdh.generateKeys() })
        const card = { cardUuid: CARD, sealedKey }
        expect(await exchange(card, (point) => ecdh.computeSecret(point))).toBe(await puk())
      })

      it('of a proof are bytes of this attempt and card, which its card alone can give back', async () => {
        const ecdh = createECDH('prime256v1')
        const card = {
          cardUuid: CARD,
          sealedKey: await keys.sealCardKey(STATION, { variant: 1, octets: ecdh.generateKeys() }),
        }
        const job = await suite.kem.generateKeyPair()
        const jobKey = new Uint8Array(await suite.kem.serializePublicKey(job.publicKey))
        const open = async (attempt: string) => {
          const { binding, encapsulated, ciphertext } = await keys.sealCardProof(card, jobKey, attempt)
          const psk = { key: ecdh.computeSecret(binding).slice().buffer, id: writeSealContext(1, CARD).buffer }
          const enc = encapsulated as Uint8Array<ArrayBuffer>
          const context = { recipientKey: job, enc, info: writeProofContext(CARD, attempt).buffer, psk }
          const plain = await (await suite.createRecipientContext(context)).open(ciphertext as Uint8Array<ArrayBuffer>)
          return new Uint8Array(plain)
        }
        const octets = await open('attempt-1')
        expect(octets).toHaveLength(CARD_PROOF_LENGTH)
        expect(await keys.checkCardProof(card, 'attempt-2', octets)).toBe(false)
        expect(await keys.checkCardProof(card, 'attempt-1', octets)).toBe(true)
        expect(await open('attempt-1')).toEqual(octets)
        expect(await open('attempt-2')).not.toEqual(octets)
        const other = { ...card, cardUuid: nodeCrypto.random(16) }
        expect(await keys.checkCardProof(other, 'attempt-1', octets)).toBe(false)
      })

      it('is opened by its card at its agent, by RSA', async () => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
        const octets = concat(new Uint8Array(32), Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url'))
        const sealedKey = await keys.sealCardKey(STATION, { variant: 2, octets })
        const decipher = (block: Uint8Array) =>
          privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block)
        expect(await exchange({ cardUuid: CARD, sealedKey }, decipher)).toBe(await puk())
      })

      it('is opened by no other card, for no other statement, and not by a binding of another card', async () => {
        const ecdh = createECDH('prime256v1')
        const other = createECDH('prime256v1')
        const sealedKey = await keys.sealCardKey(STATION, { variant: 1, octets: ecdh.generateKeys() })
        other.generateKeys()
        const card = { cardUuid: CARD, sealedKey }
        await expect(exchange(card, (point) => other.computeSecret(point))).rejects.toThrow()
        const elsewhere = { info: nodeCrypto.sha256(ascii('another statement')) }
        await expect(exchange(card, (point) => ecdh.computeSecret(point), elsewhere)).rejects.toThrow()
        const binding = ecdh.getPublicKey()
        await expect(exchange(card, (point) => ecdh.computeSecret(point), { binding })).rejects.toMatchObject({
          code: 'permit',
        })
      })

      it('is opened at a station by its job key alone, for this card and statement, where a station asked', async () => {
        const job = await suite.kem.generateKeyPair()
        const jobKey = new Uint8Array(await suite.kem.serializePublicKey(job.publicKey))
        const permit = { ...PERMIT, ...STATION }
        const { encapsulated, ciphertext } = await keys.sealPukAtStation(permit, FIRST, { jobKey, info })
        const open = async (recipientKey: typeof job, context: Uint8Array) => {
          const enc = encapsulated as Uint8Array<ArrayBuffer>
          const recipient = await suite.createRecipientContext({ recipientKey, enc, info: context.slice().buffer })
          return new TextDecoder().decode(await recipient.open(ciphertext as Uint8Array<ArrayBuffer>))
        }
        expect(await open(job, writeStationContext(CARD, info))).toBe(await puk())
        await expect(open(job, writeStationContext(nodeCrypto.random(16), info))).rejects.toThrow()
        await expect(open(job, writeStationContext(CARD, nodeCrypto.random(32)))).rejects.toThrow()
        await expect(open(await suite.kem.generateKeyPair(), writeStationContext(CARD, info))).rejects.toThrow()
        for (const lacking of [
          { ...permit, station: '' },
          { ...permit, unblockId: '' },
          { ...permit, recordId: '' },
          { ...permit, ticket: { ...TICKET, ways: [] } },
        ])
          await expect(keys.sealPukAtStation(lacking, FIRST, { jobKey, info })).rejects.toMatchObject({
            code: 'permit',
          })
      })

      it('needs the public key of an RSA card: one that was issued before it was kept has none', async () => {
        const sealedKey = await keys.sealCardKey(STATION, { variant: 2, octets: nodeCrypto.random(32) })
        await expect(keys.prepareSeal({ cardUuid: CARD, sealedKey })).rejects.toMatchObject({ code: 'sealed-key' })
      })
    })

    it('answers a mutual authentication, and believes the card that has the key', async () => {
      const card = { cardUuid: CARD, cipher: '3des', generation: FIRST } as const
      const challenges = { host: nodeCrypto.random(16), card: nodeCrypto.random(16) }
      const answer = await keys.answerMutually(PERMIT, card, challenges)
      expect(answer).toHaveLength(40)
      // What the host says to (card, host) begins as the card's answer to (host, card) does.
      const swapped = { host: challenges.card, card: challenges.host }
      expect(await keys.proveCard(card, swapped, answer)).toBe(true)
      expect(await keys.proveCard(card, challenges, answer)).toBe(false)
      await expect(keys.answerMutually({ ...PERMIT, recordId: '' }, card, challenges)).rejects.toMatchObject({
        code: 'permit',
      })
    })

    it('opens the secret of a connection for that connection alone', async () => {
      const sealed = await keys.wrapConnectionSecret('connection-1', 'pässword')
      expect(sealed).not.toContain('pässword')
      expect(await keys.useConnectionSecret('connection-1', sealed)).toBe('pässword')
      await expect(keys.useConnectionSecret('connection-2', sealed)).rejects.toMatchObject({ code: 'sealed-key' })
      const { card } = await makeCard()
      await expect(keys.useConnectionSecret('connection-1', card.sealedKey)).rejects.toMatchObject({
        code: 'sealed-key',
      })
    })

    it('draws the secret of a one-time password, and knows its codes for that person and name alone', async () => {
      const of = { personId: 'person-1', id: 'otp-1' }
      const { secret, sealed } = await keys.drawOneTimeSecret(of)
      expect(secret).toHaveLength(20)
      expect(Buffer.from(sealed, 'base64').includes(Buffer.from(secret))).toBe(false)
      const code = new HOTP({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }) }).generate({ counter: 7 })
      const check = (from: number, to: number, typed = code) =>
        keys.checkOneTimePassword({ ...of, sealed }, typed, { from, to })
      expect([await check(5, 9), await check(7, 7), await check(8, 10), await check(0, 6)]).toEqual([
        7,
        7,
        undefined,
        undefined,
      ])
      expect(await check(5, 9, `${code}0`)).toBeUndefined()
      await expect(check(0, 11)).rejects.toThrow(RangeError)
      const other = keys.checkOneTimePassword({ ...of, personId: 'person-2', sealed }, code, { from: 7, to: 7 })
      await expect(other).rejects.toMatchObject({ code: 'sealed-key' })
    })

    it('a factory PUK is masked like any other', async () => {
      const { card, attempt } = await makeCard()
      const nonce = nodeCrypto.random(5)
      const challenge = writeChallenge(nodeCrypto, attempt(nonce), nonce)
      const expected = maskPuk(nodeCrypto, attempt(nonce), '12345678')
      expect(await keys.releaseCryptogram(PERMIT, card, 'factory', challenge)).toBe(expected)
    })

    it('refuses without a permit, or with one of another card', async () => {
      const { card, attempt } = await makeCard()
      const nonce = nodeCrypto.random(5)
      const challenge = writeChallenge(nodeCrypto, attempt(nonce), nonce)
      for (const permit of [
        { ...PERMIT, recordId: '' },
        { ...PERMIT, unblockId: '' },
        { ...PERMIT, cardUuid: nodeCrypto.random(16) },
        { ...PERMIT, ticket: { ...TICKET, id: '' } },
        { ...PERMIT, ticket: { ...TICKET, ways: [] } },
        { ...PERMIT, ticket: { ...TICKET, cardUuid: nodeCrypto.random(16) } },
        { ...PERMIT, ticket: { ...TICKET, notAfter: '2020-01-01T00:00:00.000Z' } },
      ]) {
        await expect(keys.releaseCryptogram(permit, card, FIRST, challenge)).rejects.toMatchObject({ code: 'permit' })
        const native = { cardUuid: CARD, cipher: '3des', generation: FIRST } as const
        await expect(keys.answerAdminChallenge(permit, native, new Uint8Array(8))).rejects.toMatchObject({
          code: 'permit',
        })
      }
      const order = { kind: 'gids-load-admin-key', cipher: '3des', to: FIRST } as const
      await expect(keys.keyCommand({ ...STATION, station: '' }, order)).rejects.toMatchObject({ code: 'permit' })
    })

    it('a sealed key opens for its own card alone, and not when it was changed', async () => {
      const { card } = await makeCard()
      const elsewhere = { ...card, cardUuid: nodeCrypto.random(16) }
      await expect(keys.checkChallenge(elsewhere, '0000000000')).rejects.toMatchObject({ code: 'sealed-key' })
      const changed = Buffer.from(card.sealedKey, 'base64')
      changed[20] = (changed[20] as number) ^ 1
      const forged = { ...card, sealedKey: changed.toString('base64') }
      await expect(keys.checkChallenge(forged, '0000000000')).rejects.toMatchObject({ code: 'sealed-key' })
    })

    it('seals points of the curve only', async () => {
      const off = Uint8Array.of(0x04, ...new Uint8Array(63), 0x01)
      await expect(keys.sealCardKey(STATION, { variant: 1, octets: off })).rejects.toThrow()
    })

    it.each([1, 2] as const)('rehearsal of variant %i', async (variant: Variant) => {
      const ecdh = createECDH('prime256v1')
      const point = ecdh.generateKeys()
      const octets = variant === 1 ? point : nodeCrypto.random(32)
      const sealedKey = await keys.sealCardKey(STATION, { variant, octets })
      const z = variant === 1 ? ecdh.computeSecret(keys.unblockPoints[0] as Uint8Array) : octets
      const nonce = nodeCrypto.random(5)
      const answer = writeRehearsal(nodeCrypto, deriveAttemptKeys(nodeCrypto, z, nonce, variant, CARD))
      const card = { cardUuid: CARD, sealedKey }
      expect(await keys.checkRehearsal(card, nonce, answer)).toBe(true)
      expect(await keys.checkRehearsal(card, nodeCrypto.random(5), answer)).toBe(false)
      expect(await keys.checkRehearsal(card, nonce, new Uint8Array(32))).toBe(false)
    })

    it('a key command is a whole command for its card, another for each generation', async () => {
      const order = (counter: number) =>
        keys.keyCommand(STATION, { kind: 'piv-change-puk', from: 'factory', to: { epoch: 0, counter } })
      const [one, two] = [writeHex(await order(1)), writeHex(await order(2))]
      expect(one).toMatch(/^00240081103132333435363738(3[0-9]){8}$/)
      expect(two).not.toBe(one)
      const load = { kind: 'gids-load-admin-key', cipher: '3des', to: FIRST } as const
      expect(writeHex(await keys.keyCommand(STATION, load))).toMatch(
        /^00DB3FFF267024840180A51F8718[0-9A-F]{48}8803[0-9A-F]{6}$/,
      )
    })

    it('an imported secret leaves inside a command for its own card alone, and for what it was imported as', async () => {
      const octets = ascii('739152')
      const puk = { kind: 'piv-puk', octets: Uint8Array.of(...octets, 0xff, 0xff) } as const
      const key = { kind: 'piv-9b', cipher: 'aes192', octets: nodeCrypto.random(24) } as const
      const sealedPuk = await keys.importSecret(STATION, puk, [])
      const change = { kind: 'piv-change-puk', from: 'imported', to: FIRST } as const
      expect(writeHex(await keys.keyCommand(STATION, change, sealedPuk))).toMatch(
        /^0024008110373339313532FFFF(3[0-9]){8}$/,
      )
      const block = nodeCrypto.random(16)
      const answer = { kind: 'piv-answer-management-challenge', cipher: 'aes192', by: 'imported', block } as const
      const sealedKey = await keys.importSecret(STATION, key, [])
      expect(writeHex(await keys.keyCommand(STATION, answer, sealedKey))).toBe(
        `00870A9B147C128210${writeHex(nodeCrypto.encryptBlocks('aes192', key.octets, block))}`,
      )
      const refusal = { code: 'sealed-key' }
      const elsewhere = { ...STATION, cardUuid: nodeCrypto.random(16) }
      await expect(keys.keyCommand(elsewhere, change, sealedPuk)).rejects.toMatchObject(refusal)
      await expect(keys.keyCommand(STATION, answer, sealedPuk)).rejects.toMatchObject(refusal)
      await expect(keys.keyCommand(STATION, { ...answer, cipher: 'aes128' }, sealedKey)).rejects.toMatchObject(refusal)
      await expect(keys.keyCommand(STATION, change)).rejects.toMatchObject(refusal)
    })

    it('imports for a station, in the right length, and never what the card refused already', async () => {
      const wrong = { kind: 'gids-admin', cipher: '3des', octets: nodeCrypto.random(24) } as const
      const refused = await keys.importSecret(STATION, wrong, [])
      await expect(keys.importSecret(STATION, wrong, [refused])).rejects.toMatchObject({ code: 'refused-before' })
      expect(await keys.importSecret(STATION, { ...wrong, octets: nodeCrypto.random(24) }, [refused])).toBeTruthy()
      await expect(keys.importSecret({ ...STATION, station: '' }, wrong, [])).rejects.toMatchObject({ code: 'permit' })
      await expect(keys.importSecret(STATION, { ...wrong, octets: new Uint8Array(8) }, [])).rejects.toThrow()
    })

    it("a holder's agent is given the exchange of a PUK and no other command, in the journal first", async () => {
      const to = { epoch: 0, counter: 7 }
      const command = await keys.rotatePuk(PERMIT, { from: FIRST, to })
      expect(command).toEqual(await keys.keyCommand(STATION, { kind: 'piv-change-puk', from: FIRST, to }))
      expect(await keys.journalled()).toMatchObject([{ purpose: 'puk', generation: to }])
      for (const permit of [
        { ...PERMIT, unblockId: '' },
        { ...PERMIT, recordId: '' },
      ]) {
        await expect(keys.rotatePuk(permit, { from: FIRST, to })).rejects.toMatchObject({ code: 'permit' })
      }
    })

    it('knows the highest generation of each card; after a restore none from before comes again', async () => {
      const order = (counter: number, epoch = 0) =>
        ({ kind: 'piv-change-puk', from: 'factory', to: { epoch, counter } }) as const
      await keys.keyCommand(STATION, order(2))
      await keys.keyCommand(STATION, order(1))
      const mine = async () => (await keys.journalled()).filter(({ cardUuidHex }) => cardUuidHex === writeHex(CARD))
      expect(await mine()).toMatchObject([{ purpose: 'puk', generation: { epoch: 0, counter: 2 } }])
      expect(await keys.raiseEpoch()).toBe(1)
      expect(await keys.nextPukGeneration(CARD, { epoch: 0, counter: 2 })).toMatchObject({ epoch: 1 })
      await keys.keyCommand(STATION, order(1, 1))
      expect(await mine()).toMatchObject([{ generation: { epoch: 1, counter: 1 } }])
    })

    it('stops at its ceiling of releases an hour', async () => {
      await keys.close()
      keys = await open(1)
      const card = { cardUuid: CARD, cipher: '3des', generation: FIRST } as const
      expect(await keys.answerAdminChallenge(PERMIT, card, new Uint8Array(8))).toHaveLength(8)
      await expect(keys.answerAdminChallenge(PERMIT, card, new Uint8Array(8))).rejects.toMatchObject({
        code: 'ceiling',
      })
    })
  })
}
