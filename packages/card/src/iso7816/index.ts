export * from './apdu.ts'
export * from './channel.ts'
export * from './status.ts'
export * from './tlv.ts'
