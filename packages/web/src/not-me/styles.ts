// Sheets of components that this page uses beside the shared ones.
import '@mantine/core/styles/Radio.css'
import '@mantine/core/styles/RadioIndicator.css'
