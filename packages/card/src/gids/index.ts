export * from './commands.ts'
export * from './references.ts'
