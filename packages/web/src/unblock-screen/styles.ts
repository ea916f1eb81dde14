// Sheets of components that only the unblock screen uses.
import '@mantine/core/styles/List.css'
