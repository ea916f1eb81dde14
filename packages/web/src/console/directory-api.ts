import { Directories, DirectoryFound, TakenFromDirectory } from '@unlatch/contract'
import { callServer } from './connection.ts'

/** The server's API about directories of people, one function for each call; all throw `ApiFailure`. */

const path = (id: string, verb: string) => `/api/directories/${encodeURIComponent(id)}/${verb}`

export const readDirectories = () => callServer({ method: 'GET', path: '/api/directories', answer: Directories })

export const searchDirectory = (id: string, search: string, signal: AbortSignal) =>
  callServer({ method: 'POST', path: path(id, 'search'), body: { search }, answer: DirectoryFound, signal })

export const takeFromDirectory = (id: string, keys: readonly string[]) =>
  callServer({ method: 'POST', path: path(id, 'people'), body: { keys }, answer: TakenFromDirectory })
