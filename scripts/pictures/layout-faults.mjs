// What is wrong with a page as it is laid out: scrollbars side by side, a page wider than its window, words cut without an ellipsis.

/** One line a fault. */
export function layoutFaults(page) {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility())
    const nameOf = (one) => `${one.tagName.toLowerCase()}${[...one.classList].map((name) => `.${name}`).join('')}`
    const isScrolled = (one) =>
      /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1
    const scrolled = all.filter(isScrolled)
    const nested = scrolled.flatMap((one) => {
      const around = scrolled.find((other) => other !== one && other.contains(one))
      const near = around && around.getBoundingClientRect().right - one.getBoundingClientRect().right < 40
      return near ? [`scrollbars of ${nameOf(around)} and ${nameOf(one)} beside each other`] : []
    })
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page is wider than the window'] : []
    const cut = all.flatMap((one) => {
      const style = getComputedStyle(one)
      const hides =
        /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis' && style.clipPath === 'none'
      const isCut = hides && one.scrollWidth > one.clientWidth + 1 && one.innerText?.trim() && one.clientWidth > 1
      return isCut ? [`${nameOf(one)} is cut: ${one.innerText.trim().slice(0, 40)}`] : []
    })
    const outside = all.flatMap((one) => {
      if (one.children.length > 0 || !one.textContent.trim()) return []
      const { left, right, width } = one.getBoundingClientRect()
      const scrolls = (node) =>
        node && (/auto|scroll/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement))
      return width > 1 && (right > innerWidth + 1 || left < -1) && !scrolls(one.parentElement)
        ? [`${nameOf(one)} reaches out of the window: ${one.textContent.trim().slice(0, 40)}`]
        : []
    })
    return [...new Set([...nested, ...wide, ...cut, ...outside])]
  })
}
