"""What people write with a few signs (Markdown), as safe HTML, as plain text, and as a tree.

One parser for pages, mails and documents, so that a text has the same structure wherever it is
read. HTML in a text is words, not markup.
"""

from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

MARKDOWN = MarkdownIt("commonmark", {"html": False})
ALLOWED_TAGS = {
    *("p", "br", "strong", "em", "a", "ul", "ol", "li"),
    *("h2", "h3", "h4", "blockquote", "hr", "code"),
}
ALLOWED_ATTRIBUTES = {"a": {"href"}}
ALLOWED_SCHEMES = {"https", "http", "mailto", "tel"}

#: Token of the parser → kind of the node in the tree.
BLOCKS = {
    "paragraph": "paragraph",
    "blockquote": "quote",
    "bullet_list": "list",
    "ordered_list": "numbered",
    "list_item": "item",
    "heading": "heading",
}
#: Deeper quotations and lists are laid out at this depth: no page has room for them.
DEEPEST = 8
SPANS = {"strong": "strong", "em": "emphasis", "link": "link"}


def body_html(source: str) -> SafeString:
    """Return Markdown as HTML in which only harmless tags and links are left."""
    clean = nh3.clean(
        MARKDOWN.render(source),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
    )
    return mark_safe(clean)


def body_text(source: str) -> str:
    """Return Markdown as plain text: words as they are, links with their address behind them."""
    blocks, mark = [], ""
    for token in MARKDOWN.parse(source):
        if token.type == "list_item_open":
            mark = "- "
        elif token.type == "inline":
            blocks.append(mark + _inline_text(token.children))
            mark = ""
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip())
    return "\n\n".join(blocks) + "\n"


def _inline_text(tokens) -> str:
    words, addresses = [], []
    for token in tokens:
        if token.type == "link_open":
            addresses.append(token.attrGet("href"))
        elif token.type == "link_close":
            words.append(f" ({addresses.pop()})")
        elif token.type in ("softbreak", "hardbreak"):
            words.append("\n")
        else:
            words.append(token.content)
    return "".join(words)


def body_tree(source: str) -> list[dict]:
    """Return Markdown as nodes {"kind", "children" | "text", …} for a template that lays it out.

    Headings begin at level 1 and leave out none, whatever the writer did; readers that jump from
    heading to heading rely on it.
    """
    nodes = _without_empty_headings(_nested(MARKDOWN.parse(source), BLOCKS, _block_leaf))
    _step_headings(nodes, [])
    return nodes


def _without_empty_headings(nodes) -> list[dict]:
    """Return the tree without headings that say nothing: nobody can find them again."""
    kept = [node for node in nodes if node["kind"] != "heading" or _words(node).strip()]
    for node in kept:
        if "children" in node:
            node["children"] = _without_empty_headings(node["children"])
    return kept


def _words(node) -> str:
    return node.get("text", "") + "".join(_words(child) for child in node.get("children", ()))


def _nested(tokens, kinds, leaf) -> list[dict]:
    """Return the tree that a flat list of opening, closing and single tokens stands for."""
    stack = [[]]
    for token in tokens:
        if token.nesting == 1:
            if len(stack) > DEEPEST:
                stack.append(stack[-1])
                continue
            node = _opened(token, kinds)
            stack[-1].append(node)
            stack.append(node["children"])
        elif token.nesting == -1:
            stack.pop()
        else:
            stack[-1].extend(leaf(token))
    return stack[0]


def _opened(token, kinds) -> dict:
    node = {"kind": kinds[token.type.removesuffix("_open")], "children": []}
    if token.type == "heading_open":
        node["level"] = int(token.tag[1:])
    elif token.type == "ordered_list_open":
        node["start"] = int(token.attrGet("start") or 1)
    elif token.type == "link_open":
        node["address"] = _safe_address(token.attrGet("href") or "")
    return node


def _block_leaf(token) -> list[dict]:
    if token.type == "inline":
        return _nested(token.children, SPANS, _inline_leaf)
    if token.type == "hr":
        return [{"kind": "rule"}]
    return [{"kind": "code", "text": token.content.rstrip()}]


def _inline_leaf(token) -> list[dict]:
    if token.type == "softbreak":
        return [{"kind": "text", "text": " "}]
    if token.type == "hardbreak":
        return [{"kind": "break"}]
    kind = "mono" if token.type == "code_inline" else "text"
    return [{"kind": kind, "text": token.content}] if token.content else []


def _safe_address(address: str) -> str:
    """Return ``address`` where it may be followed, else "": then its words are words only."""
    try:
        return address if urlsplit(address).scheme in ALLOWED_SCHEMES else ""
    except ValueError:
        return ""


def _step_headings(nodes, levels) -> None:
    """Number headings by depth: ``levels`` are the writer's levels that are open now."""
    for node in nodes:
        if node["kind"] == "heading":
            while levels and levels[-1] >= node["level"]:
                levels.pop()
            levels.append(node["level"])
            node["level"] = len(levels)
        _step_headings(node.get("children", ()), levels)
