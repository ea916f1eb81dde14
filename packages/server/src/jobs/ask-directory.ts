import { type DirectoryFound, Problem, type TakenFromDirectory } from '@unlatch/contract'
import { openDirectory } from '../operations/directory/open-directory.ts'
import { takeEntries } from '../operations/directory/take-entries.ts'
import { perform, type World } from '../operations/operation.ts'
import { type Directory, DirectoryError } from '../ports/directory.ts'
import type { Actor } from '../records/actors.ts'
import { directoryMatches } from '../records/directories/views.ts'
import { look } from '../records/view.ts'

/** What an operator asks a directory: on record first, then asked with no transaction open, then compared or taken over. */

const MOST_FOUND = 50

/** People in a directory whose name, user name or mail begins like this, and who of them is here. */
export async function searchDirectory(
  world: World,
  directory: Directory,
  input: unknown,
  actor: Actor,
): Promise<DirectoryFound> {
  const { connectionId, open, search } = await perform(openDirectory, world, input, actor)
  const { entries, isMore } = await told(directory.search(open, search, MOST_FOUND))
  return { entries: await look(directoryMatches, world, { connectionId, entries }, actor), isMore }
}

/** Takes entries over as the directory has them now: what a page was shown before does not count. */
export async function takeFromDirectory(
  world: World,
  directory: Directory,
  input: unknown,
  actor: Actor,
): Promise<TakenFromDirectory> {
  const { connectionId, open, keys } = await perform(openDirectory, world, input, actor)
  const entries = await told(directory.read(open, keys))
  return perform(takeEntries, world, { connectionId, entries }, actor)
}

/** A directory's fault as a problem, with what the other side said. */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof DirectoryError)) throw cause
    throw new Problem(cause.code, { detail: cause.message, facts: { said: cause.message }, cause })
  }
}
