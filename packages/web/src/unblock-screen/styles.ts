// Sheets of components that only the unblock screen uses.
import '@mantine/core/styles/List.css'
import '@mantine/core/styles/Radio.css'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Anchor.css'
