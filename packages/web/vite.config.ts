import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * Three pages, one folder. The program that serves a page replaces the literal `__NONCE__` in its HTML by a fresh value at each
 * response; nothing is inlined as a `data:` address, so that `font-src` and `img-src` stay narrow.
 */
export default defineConfig({
  base: '/',
  plugins: [react()],
  html: { cspNonce: '__NONCE__' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { console: 'console.html', 'unblock-screen': 'unblock-screen.html', 'not-me': 'not-me.html' },
    },
  },
})
