export { type RunningServer, startServer } from './main.ts'
