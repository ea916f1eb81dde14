export { acceptRestoredDatabase, type RunningServer, startServer } from './main.ts'
