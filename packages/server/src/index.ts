export { type BackupMade, backUp, type RestoredBackup, restoreBackup } from './backup.ts'
export type { ServerOptions } from './config.ts'
export { acceptRestoredDatabase, type RunningServer, startServer } from './main.ts'
