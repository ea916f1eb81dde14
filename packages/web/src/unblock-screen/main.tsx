import { startPage } from '../shared/start-page.tsx'
import './styles.ts'
import { takeToken } from './agent-connection.ts'
import { UnblockScreen } from './unblock-screen.tsx'

// Before anything else: the token must not stay in the address.
const token = takeToken()
await startPage(<UnblockScreen token={token} />)
