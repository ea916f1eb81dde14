import { startPage } from '../shared/start-page.tsx'
import './styles.ts'
import { ConsoleApp } from './console-app.tsx'

await startPage(<ConsoleApp />)
