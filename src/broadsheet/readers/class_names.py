"""What the names that a page's authors gave its elements say: classes, ids, roles, itemprops.

native/render.c cuts every name into lower-case words ("ArticleBody__text" → article, body, text), and looks up
the name as a whole, its words and pairs of neighbours. What they say is one of a small set of words, given as
marks `hint:…`, at most four an element.
"""

# What an element is named → words and pairs of words that name it so.
_NAMES = {
    "body": "articlebody storybody postbody storytext articletext bodytext bodycopy fulltext articlecontent"
    " storycontent postcontent entrycontent article-body story-body post-body entry-body news-body body-text"
    " body-copy text-body body-content content-body article-content story-content post-content entry-content"
    " news-content article-text story-text news-text post-text article-copy article-main full-text rich-text"
    " richtext content-text text-content paragraph prose body-article content-article",
    "headline": "headline heading-title entry-title post-title article-title story-title page-title articletitle"
    " article-headline article-heading news-title content-title title-article",
    "description": "deck dek standfirst lede lead leadin leadtext subtitle subheadline subhead subheading intro"
    " introtext summary excerpt abstract chapo sapo teaser-text ingress vorspann anriss article-lead"
    " article-intro article-summary article-subtitle sub-title sub-headline",
    "author": "author authors byline bylines writer reporter journalist contributor contributors credits-author"
    " autor autore auteur redactor article-author post-author entry-author vcard author-name",
    "biography": "bio biography author-bio author-box authorbox author-info about-author author-profile"
    " author-description author-card",
    "date": "date dates time timestamp datetime published pubdate dateline publish-date published-date"
    " publication-date entry-date post-date article-date datepublished updated modified posted datum fecha"
    " datetime-published timedate",
    "caption": "caption captions figcaption photocaption imagecaption wp-caption image-caption photo-caption"
    " media-caption img-caption bildunterschrift legende legend",
    "credit": "credit credits photocredit copyright-image photo-credit image-credit photographer media-credit"
    " image-source photo-by",
    "comment": "comment comments commentlist disqus respond reply replies livefyre comment-list comment-body"
    " comments-area fb-comments usercomment discussion kommentare kommentar comentarios commentaires",
    "share": "share shares sharing sharebar sharetools sharethis addthis addtoany social socials socialmedia"
    " sociallinks social-share share-buttons share-bar follow followus a2a sharedaddy facebook twitter whatsapp"
    " pinterest linkedin",
    "related": "related relatedposts recommended recommendation recommendations recommend recirc recirculation"
    " readmore read-more readnext read-next alsoread also-read more-stories morestories related-articles"
    " related-news related-posts related-content see-also up-next upnext similar teaser teasers topstories"
    " top-stories latest latestnews latest-news moreon more-on suggested infinite onward weiterlesen yarpp"
    " seealso morefrom more-from",
    "popular": "popular trending mostread mostpopular most-read most-popular most-viewed mostviewed mostshared"
    " bestseller hot-news",
    "ad": "ad ads adv advert adverts advertisement advertising adsense adslot adunit adbox adwrap adcontainer"
    " adsbygoogle dfp gpt banner sponsor sponsored sponsors promoted outbrain taboola plista anzeige werbung"
    " publicidad pub reklama iklan commercial teads",
    "promo": "promo promos promotion promobox promo-box cta donate donation appeal membership support-us"
    " app-download partner shop product affiliate deal deals",
    "newsletter": "newsletter newsletters signup sign-up subscribe subscription subscribebox mailchimp mailing"
    " email-signup news-letter optin",
    "nav": "nav navigation navbar navlinks menu menus submenu mainmenu topbar toolbar breadcrumb breadcrumbs crumb"
    " crumbs pagination pager paging prevnext prev-next post-navigation skip skiplink masthead site-header"
    " search searchform hamburger drawer offcanvas toc language-switcher",
    "tags": "tag tags taglist tag-list tagcloud topics topic keywords post-tags entry-tags article-tags tag-links"
    " categories category cat-links entry-meta-tags hashtags schlagworte",
    "kicker": "kicker eyebrow overline rubric rubrik dachzeile section-name section-label supertitle"
    " article-section topline flag antetitulo category-label",
    "paywall": "paywall paywalled regwall meter metered piano tp-container premium-box subscriber-only"
    " subscribers-only login-wall loginwall locked",
    "legal": "copyright legal cookie cookies consent gdpr privacy terms disclaimer cookiebanner onetrust cmp"
    " impressum imprint",
    "quote": "pullquote pull-quote blockquote quote quotation zitat cite citation",
    "media": "gallery galleries slideshow slider carousel video videos player jwplayer audio podcast lightbox"
    " photogallery mediaplayer swiper slick",
    "sidebar": "sidebar side-bar rail rightrail right-rail aside secondary widget widgets widget-area rightcol"
    " leftcol right-column left-column rightcolumn leftcolumn",
    "box": "infobox info-box factbox fact-box inset sidebox textbox callout note highlight-box context box",
    "embed": "embed embeds embedded oembed tweet instagram tiktok twitter-tweet instagram-media fb-post",
    "footer": "footer foot colophon site-footer bottom page-footer",
    "meta": "meta metadata entry-meta post-meta article-meta articlemeta byline-date article-info entry-info"
    " postinfo article-header-meta",
    "print": "print printonly print-only noprint printable",
    "modal": "modal popup overlay lightbox-content dialog tooltip dropdown toast",
    "correction": "correction corrections clarification editors-note editor-note",
    "read_time": "readtime read-time reading-time readingtime minutes-read",
}  # fmt: skip
SAYS = {name: "hint:" + hint for hint, names in _NAMES.items() for name in names.split()}
# Text that is there for screen readers only, so that no eye sees it.
UNSEEN = frozenset(
    (
        "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only", "screenreader",
        "element-invisible", "u-visually-hidden", "a11y-hidden", "is-visually-hidden", "show-for-sr",
    )
)  # fmt: skip
# What is shown to those who pay, so that it is shown here whatever else hides it.
SHOWN = frozenset(("subscriber-only",))
# What the names of a list's entries and links say of the list around them is said once, by the list.
OF_REGIONS = frozenset(("hint:nav", "hint:footer", "hint:modal", "hint:sidebar", "hint:popular", "hint:paywall"))
