import { MantineProvider } from '@mantine/core'
import { setNonce } from 'get-nonce'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles.ts'
import './page.css'
import { cssVariables, theme } from './theme.ts'
import { startTranslations } from './translations.ts'

/** Renders a page into `#root`, with theme, texts and the nonce that the content security policy asks of style elements. */
export async function startPage(page: ReactNode): Promise<void> {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
  setNonce(nonce)
  await startTranslations()
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        {page}
      </MantineProvider>
    </StrictMode>,
  )
}
