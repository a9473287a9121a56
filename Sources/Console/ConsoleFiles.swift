/// The console: a page that shows a directory, and changes it, through the public API alone.
///
/// It is plain modules and style sheets, which are embedded into the binary and served as they are.
public enum ConsoleFiles {
    /// The page, which loads the files from `console/`.
    public static let page: [UInt8] = PackageResources.console_html

    /// The other files by name. All are in one folder as far as their addresses are concerned, whatever folder they are in here.
    public static let all: [String: [UInt8]] = [
        "account.js": PackageResources.account_js,
        "api.js": PackageResources.api_js,
        "app.js": PackageResources.app_js,
        "base.css": PackageResources.base_css,
        "canvas.js": PackageResources.canvas_js,
        "chart.js": PackageResources.chart_js,
        "compare.js": PackageResources.compare_js,
        "dom.js": PackageResources.dom_js,
        "drag.js": PackageResources.drag_js,
        "entry.js": PackageResources.entry_js,
        "feed.js": PackageResources.feed_js,
        "filters.js": PackageResources.filters_js,
        "form.js": PackageResources.form_js,
        "forms.js": PackageResources.forms_js,
        "group.js": PackageResources.group_js,
        "icon.svg": PackageResources.icon_svg,
        "linkforms.js": PackageResources.linkforms_js,
        "list.js": PackageResources.list_js,
        "lists.js": PackageResources.lists_js,
        "names.js": PackageResources.names_js,
        "parts.css": PackageResources.parts_css,
        "pages.js": PackageResources.pages_js,
        "person.js": PackageResources.person_js,
        "picker.js": PackageResources.picker_js,
        "pieces.js": PackageResources.pieces_js,
        "place.js": PackageResources.place_js,
        "prove.js": PackageResources.prove_js,
        "save.js": PackageResources.save_js,
        "signin.js": PackageResources.signin_js,
        "states.js": PackageResources.states_js,
        "store.js": PackageResources.store_js,
        "time.js": PackageResources.time_js,
        "timebar.js": PackageResources.timebar_js,
        "trail.js": PackageResources.trail_js,
        "tree.js": PackageResources.tree_js,
        "verify.js": PackageResources.verify_js,
        "views.css": PackageResources.views_css,
        "words.js": PackageResources.words_js,
    ]
}
