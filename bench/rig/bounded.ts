/** Undoes something: stops a process, removes a folder. */
type Undo = () => unknown

/**
 * Runs a bench, for so many minutes at most. Whatever it began is undone, the last first: at its end, at an error, at the time
 * limit, and when somebody ends it.
 *
 * @param work - is given where to say what is to be undone.
 */
export async function bounded(minutes: number, work: (later: (undo: Undo) => void) => Promise<void>): Promise<void> {
  const undos: Undo[] = []
  const undoAll = async () => {
    for (let undo = undos.pop(); undo; undo = undos.pop()) await undo()
  }
  const endEarly = async (why: string) => {
    console.error(`not finished: ${why}`)
    await undoAll()
    process.exit(1)
  }
  const limit = setTimeout(() => void endEarly(`the limit is ${minutes} minutes`), minutes * 60_000)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void endEarly(signal))
  try {
    await work((undo) => undos.push(undo))
  } finally {
    clearTimeout(limit)
    await undoAll()
  }
}
