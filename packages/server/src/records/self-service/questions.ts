import type { OpenProvider, SignInQuestion } from '../../ports/identity-provider.ts'
import type { KeyService } from '../../ports/key-service.ts'
import type { Connection } from '../connections/connections.ts'

/** What an identity provider is asked with. */

/** With its client secret, for this one question. */
export async function openProvider(keys: KeyService, { id, details, sealedSecret }: Connection): Promise<OpenProvider> {
  if (details.kind !== 'identity-provider') throw new Error('a connection of another kind')
  const secret = sealedSecret === null ? null : await keys.useConnectionSecret(id, sealedSecret)
  return { settings: details.provider, secret }
}

/** What binds an answer to this way: made from its name under a key of the key service, so that it stands nowhere. */
export async function writeQuestion(keys: KeyService, wayId: string, redirectUri: string): Promise<SignInQuestion> {
  const derive = async (what: string) =>
    Buffer.from(await keys.macCode(`self-service/identity/${what}`, wayId)).toString('base64url')
  return { redirectUri, state: await derive('state'), nonce: await derive('nonce'), verifier: await derive('verifier') }
}
