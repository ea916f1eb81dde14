import {
  type AddConnection,
  type AddTemplate,
  type ChangeConnection,
  type ChangeTemplate,
  ConnectionAdded,
  Connections,
  ConnectionTested,
  Deliveries,
  RevealedPuc,
  type RevealPuc,
  TemplateAdded,
  Templates,
} from '@unlatch/contract'
import { callServer } from './connection.ts'

/** The server's API about templates, connections and PUCs, one function for each call; all throw `ApiFailure`. */

const post = <Answer>(path: string, body: object, answer?: { parse(value: unknown): Answer }) =>
  callServer({ method: 'POST', path, body, ...(answer && { answer }) })

const part = encodeURIComponent

// --- card templates ------------------------------------------------------------------------------------------------

export const readTemplates = () => callServer({ method: 'GET', path: '/api/card-templates', answer: Templates })

export const addTemplate = (wish: AddTemplate) => post('/api/card-templates', wish, TemplateAdded)

export const changeTemplate = (id: string, wish: Omit<ChangeTemplate, 'templateId'>) =>
  post(`/api/card-templates/${part(id)}`, wish, TemplateAdded)

export const lockTemplate = (id: string, isLocked: boolean) =>
  post(`/api/card-templates/${part(id)}/lock`, { isLocked })

export const copyTemplate = (id: string, name: string) =>
  post(`/api/card-templates/${part(id)}/copy`, { name }, TemplateAdded)

// --- connections ---------------------------------------------------------------------------------------------------

export const readConnections = () => callServer({ method: 'GET', path: '/api/connections', answer: Connections })

export const addConnection = (wish: AddConnection) => post('/api/connections', wish, ConnectionAdded)

export const changeConnection = (id: string, wish: Omit<ChangeConnection, 'connectionId'>) =>
  post(`/api/connections/${part(id)}`, wish)

export const testConnection = (id: string, to: string) =>
  post(`/api/connections/${part(id)}/test`, { to }, ConnectionTested)

export const removeConnection = (id: string) => post(`/api/connections/${part(id)}/removal`, {})

// --- PUCs ----------------------------------------------------------------------------------------------------------

export const readDeliveries = (cardId: string) =>
  callServer({ method: 'GET', path: `/api/cards/${part(cardId)}/deliveries`, answer: Deliveries })

export const retryDelivery = (id: string) => post(`/api/deliveries/${part(id)}/retry`, {})

export const revealPuc = (cardId: string, body: Omit<RevealPuc, 'cardId'>) =>
  post(`/api/cards/${part(cardId)}/puc`, body, RevealedPuc)
