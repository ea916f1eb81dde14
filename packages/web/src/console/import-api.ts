import { ImportAdded, type ImportReading, ImportRows, ImportsFound, ImportView, type RowKind } from '@unlatch/contract'
import { callServer } from './connection.ts'

/** The server's API about files of people, one function for each call; all throw `ApiFailure`. */

const path = (id: string, verb = '') => `/api/people-imports/${encodeURIComponent(id)}${verb}`
const post = (id: string, verb: string, body: object) => callServer({ method: 'POST', path: path(id, verb), body })

export const uploadFile = (file: File) =>
  callServer({
    method: 'POST',
    path: `/api/people-imports?fileName=${encodeURIComponent(file.name.slice(-200))}`,
    file,
    answer: ImportAdded,
  })

export const readImports = () => callServer({ method: 'GET', path: '/api/people-imports', answer: ImportsFound })

export const readImport = (id: string) => callServer({ method: 'GET', path: path(id), answer: ImportView })

export const readRows = (id: string, kind: RowKind | undefined, after: number | undefined) => {
  const query = new URLSearchParams({ ...(kind && { kind }), ...(after !== undefined && { after: String(after) }) })
  return callServer({ method: 'GET', path: path(id, `/rows?${query}`), answer: ImportRows })
}

/** Without a mapping the columns are told from their names anew. */
export const readAnew = (id: string, reading: Omit<ImportReading, 'mapping'> & Partial<ImportReading>) =>
  post(id, '/reading', reading)

export const startImport = (id: string, preview: { revision: number; comparedAt: string }) =>
  post(id, '/start', preview)

export const stopImport = (id: string) => post(id, '/stop', {})

/** Where the wrong rows are saved from. */
export const wrongRowsAddress = (id: string) => path(id, '/wrong-rows')
