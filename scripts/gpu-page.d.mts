export function buildGpuPage(outDir: string, options: { target: string; old: boolean }): Promise<void>
