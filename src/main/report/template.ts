// The template's files, which Typst reads.
import claims from './template/claims.typ?raw'
import figures from './template/figures.typ?raw'
import gallery from './template/gallery.typ?raw'
import main from './template/main.typ?raw'
import recipe from './template/recipe.typ?raw'
import style from './template/style.typ?raw'
import table from './template/table.typ?raw'
import title from './template/title.typ?raw'

/** By name; `main.typ` includes the others. */
export const template: readonly (readonly [name: string, source: string])[] = Object.entries({
  'main.typ': main,
  'style.typ': style,
  'title.typ': title,
  'table.typ': table,
  'figures.typ': figures,
  'gallery.typ': gallery,
  'claims.typ': claims,
  'recipe.typ': recipe
})
