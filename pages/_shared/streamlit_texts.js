// Say what Streamlit writes on the page in the reader's language. SAID: selector -> text -> text.
(() => {
  const { language, attributes, places } = SAID;
  if (window.thawTexts?.language === language) return;
  window.thawTexts?.stop();

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const compiled = (texts) =>
    Object.entries(texts).map(([text, said]) => [
      new RegExp(`^${text.split(/\{\w+\}/).map(escaped).join("(.+)")}$`),
      said,
    ]);
  const say = (rules, text) => {
    for (const [rule, said] of rules) {
      const found = rule.exec(text.trim());
      if (found) return said.replace(/\{\w+\}/, found[1] ?? "");
    }
    return null;
  };
  const rules = Object.entries(places).map(([place, texts]) => [place, compiled(texts)]);
  const ofAttributes = compiled(attributes);
  const NAMES = ["aria-label", "placeholder", "title"];
  const changed = new Set(); // weak references to what was changed, to change it back

  const keep = (node, name, before, after) =>
    changed.add(new WeakRef(Object.assign(node, { thawBefore: { ...node.thawBefore, [name]: [before, after] } })));
  const sayText = (node) => {
    for (const [place, texts] of rules) {
      if (!node.parentElement?.closest(place)) continue;
      const said = say(texts, node.data);
      if (said === null) continue;
      keep(node, "data", node.data, said);
      node.data = said;
      return;
    }
  };
  const sayAttributes = (element) => {
    if (element.closest("[data-testid=stFileChip] [title]")) return;
    for (const name of NAMES) {
      const before = element.getAttribute(name);
      const said = before && say(ofAttributes, before);
      if (!said) continue;
      keep(element, name, before, said);
      element.setAttribute(name, said);
    }
  };
  const look = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return sayText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    sayAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      node.nodeType === Node.TEXT_NODE ? sayText(node) : sayAttributes(node);
    }
  };
  const observer = new MutationObserver((mutations) => {
    for (const { type, target, addedNodes } of mutations)
      type === "childList" ? addedNodes.forEach(look) : type === "attributes" ? sayAttributes(target) : sayText(target);
  });
  const stop = () => {
    observer.disconnect();
    for (const reference of changed) {
      const node = reference.deref();
      for (const [name, [before, after]] of Object.entries(node?.thawBefore ?? {}))
        if (name === "data") node.data === after && (node.data = before);
        else if (node.getAttribute(name) === after) node.setAttribute(name, before);
    }
  };
  window.thawTexts = { language, stop };
  if (!Object.keys(attributes).length) return;
  look(document.body);
  observer.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES,
  });
})();
