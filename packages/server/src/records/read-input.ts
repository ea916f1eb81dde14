import { Problem } from '@unlatch/contract'
import * as z from 'zod/mini'

/**
 * What somebody sent, as an operation or a view wants it. A null character is in no text of ours, and PostgreSQL stores none; half
 * a character (a lone surrogate) has no place in canonical JSON.
 *
 * @throws Problem `input-invalid`.
 */
export function readInput<Input>(schema: z.ZodMiniType<Input>, input: unknown): Input {
  const parsed = z.safeParse(schema, input)
  if (!parsed.success) throw new Problem('input-invalid', { detail: z.prettifyError(parsed.error) })
  if (!isText(parsed.data)) throw new Problem('input-invalid', { detail: 'a text holds what is no character' })
  return parsed.data
}

function isText(value: unknown): boolean {
  // Octets are no text.
  if (ArrayBuffer.isView(value)) return true
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  return typeof value !== 'object' || value === null || Object.values(value).every(isText)
}
