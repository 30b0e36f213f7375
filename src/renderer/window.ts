// Entry of the window: styles, stores, the application, and the connection that feeds them.
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/rail.css'
import './styles/device.css'
import './styles/run-head.css'
import './styles/notices.css'
import './styles/menu.css'
import './styles/dialog.css'
import './styles/setting.css'
import App from './App.vue'
import { keepConnected } from './connection'
import { useLabStore } from './stores/lab-store'
import { useSettingsStore } from './stores/settings-store'

const app = createApp(App).use(createPinia())
useSettingsStore().applyTo(document.documentElement)
app.mount('#app')
void keepConnected(useLabStore())
