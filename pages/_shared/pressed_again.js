// A page's link in the side bar leads to the beginning of that page, also when pressed on it:
// Streamlit would run the page again with all that the address asks for. On a phone the side bar
// then makes room for the page that it lies over.
(() => {
  if (window.thawPressedAgain) return;
  window.thawPressedAgain = true;
  addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-testid=stSidebarNavLink]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (innerWidth < 768)
      document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
    const beginning = new URL(link.href);
    const language = new URL(location).searchParams.get("lang");
    if (language) beginning.searchParams.set("lang", language);
    if (beginning.pathname !== location.pathname || beginning.search === location.search) return;
    history.pushState({}, "", beginning);
    dispatchEvent(new PopStateEvent("popstate"));
  });
})();
