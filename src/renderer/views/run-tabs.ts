// The tabs of the open run, in their order. All show the same epoch and the same models: cursor-store.ts.
import { defineAsyncComponent, type Component } from 'vue'
import OverviewBoard from '../components/board/OverviewBoard.vue'

export const runTabIds = ['overview', 'latent', 'draw', 'analysis', 'claims'] as const
export type RunTab = (typeof runTabIds)[number]

export const runTabs: Record<RunTab, { label: string; view: Component }> = {
  overview: { label: 'Overview', view: OverviewBoard },
  latent: {
    label: 'Latent space',
    view: defineAsyncComponent(() => import('./latent/LatentView.vue'))
  },
  draw: { label: 'Draw', view: defineAsyncComponent(() => import('./draw/DrawView.vue')) },
  analysis: {
    label: 'Analysis',
    view: defineAsyncComponent(() => import('../components/analysis/AnalysisTab.vue'))
  },
  claims: {
    label: 'Claims',
    view: defineAsyncComponent(() => import('../components/analysis/ClaimsTab.vue'))
  }
}
