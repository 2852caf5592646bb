"""What a published figure proves, and what it does not: said every time (ledger brief §1)."""

from __future__ import annotations

Both = tuple[str, str]  # Chinese, English

COUNTED: tuple[Both, ...] = (
    (
        "应到人数和花名册上的名额，开班前就定下了；后来的变动都写明了。",
        "how many were expected, and the places on each roster, were fixed before the start;"
        " what changed later is told;",
    ),
    (
        "写着“按时”的人，至少都在开班时有了记录（容许的几秒只抵消见证方的钟差）。",
        "those told to be on time had a record by the start of their shift, give or take the"
        " seconds allowed for the witnesses' clocks;",
    ),
    (
        "这些记录以后没有改过、删过、补过；人人看到同一本账。",
        "none of these records was changed, removed or put in later; everybody sees the same log;",
    ),
)
SEALED: Both = (
    "公告的文字就是封存的那一份，没有人能悄悄改。",
    "the text of the announcement is the one that was sealed; nobody can change it quietly.",
)

MEANT: Both = (
    "工人真的指了、喊了，或者真心承诺；只证明留下了记录。",
    "that somebody really pointed and called, or meant it; only that a record was made;",
)
HIMSELF: Both = (
    "记录是工人本人做的：服务器归企业管，企业可以替没来的人点。管用的办法：监管部门或工会"
    "事后随机抽查，工人自己核对回执。",
    "that the worker made it: the enterprise runs the server and can press the button for"
    " somebody absent; what helps are random audits by an authority or a union, and workers who"
    " compare their receipts;",
)
EVERYBODY: Both = (
    "花名册就是到场的全部人：请和门禁人数对照。",
    "that the roster is everybody who was on site: compare it with the counts at the gate;",
)
START: Both = (
    "计划的开班时间是真的；花名册事后改动看得见，但拦不住。",
    "that the planned start is the true one; late changes of a roster can be seen, not prevented;",
)
ALONE: Both = (
    "时间，和人人看到同一本账：需要的见证方全归企业自己。",
    "the times, and that everybody sees the same log: all the witnesses needed are the"
    " enterprise's own.",
)
TOGETHER: Both = (
    "如果需要的见证方全都和企业串通，时间和人人看到同一本账也证明不了。",
    "the times, and that everybody sees the same log, if all the witnesses needed are in league"
    " with the enterprise.",
)
