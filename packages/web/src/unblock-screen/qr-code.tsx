import encodeQR from 'qr'
import { useMemo } from 'react'
import classes from './unblock-screen.module.css'

/** A text as a QR code, drawn as one path; dark on light in both schemes, as cameras want it. */
export function QrCode(props: { text: string; label: string }) {
  const { path, size } = useMemo(() => draw(props.text), [props.text])
  return (
    <svg
      className={classes.qr}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={props.label}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  )
}

function draw(text: string): { path: string; size: number } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  let path = ''
  for (const [y, row] of rows.entries()) {
    for (const [x, isDark] of row.entries()) if (isDark) path += `M${x} ${y}h1v1h-1z`
  }
  return { path, size: rows.length }
}
