import { Problem } from '@unlatch/contract'
import {
  CardFileError,
  createVirtualCard,
  openCardFile,
  serveVpcd,
  VIRTUAL_CARD_KINDS,
  type VirtualCardKind,
} from '@unlatch/virtual-cards'

/** `cards serve`: virtual cards in the slots of pcscd's virtual reader, until it is told to stop. */
export async function serveCards(options: { vpcd: string; card: string[] }): Promise<void> {
  const { host, port } = readAddress(options.vpcd)
  const cards = options.card.map(openCard)
  const bridge = serveVpcd({ host, port, cards })
  console.error(
    `unlatch: ${cards.length} virtual ${cards.length === 1 ? 'card' : 'cards'} for vpcd at ${host}:${port}; Ctrl C stops`,
  )
  await new Promise<void>((stop) => {
    process.once('SIGINT', () => stop())
    process.once('SIGTERM', () => stop())
  })
  bridge.close()
}

function readAddress(text: string): { host: string; port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? []
  if (!host || !port || Number(port) > 65_535) throw new Problem('wrong-usage', { detail: `${text} is not HOST:PORT` })
  return { host, port: Number(port) }
}

function openCard(text: string) {
  const [kind = '', ...file] = text.split(':')
  if (!isKind(kind)) throw new Problem('wrong-usage', { detail: `kinds of card are ${VIRTUAL_CARD_KINDS.join(', ')}` })
  try {
    return file.length > 0 ? openCardFile(file.join(':'), kind) : createVirtualCard(kind)
  } catch (cause) {
    if (cause instanceof CardFileError) throw new Problem('wrong-usage', { detail: cause.message, cause })
    throw cause
  }
}

const isKind = (kind: string): kind is VirtualCardKind => (VIRTUAL_CARD_KINDS as readonly string[]).includes(kind)
