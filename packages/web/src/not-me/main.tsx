import { startPage } from '../shared/start-page.tsx'
import './styles.ts'
import { NotMePage } from './not-me-page.tsx'

// It stays in the address: whoever reloads the page, or keeps the link, reads the same again. A fragment goes to no server.
await startPage(<NotMePage token={location.hash.replace(/^#/, '')} />)
