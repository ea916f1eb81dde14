import { Navigate } from '@tanstack/react-router'
import { useMay } from '../sign-in/session-gate.tsx'

/** Leads to the first page that the operator may use. */
export function HomePage() {
  const may = useMay()
  if (may('unblock:release')) return <Navigate to="/actions/smart-card-unblock" replace />
  if (may('desk:watch')) return <Navigate to="/help-desk" replace />
  if (may('operator:read')) return <Navigate to="/options/operators-and-roles" replace />
  return <Navigate to="/account" replace />
}
