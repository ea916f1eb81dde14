export * from './crypto.ts'
export * from './octets.ts'
