"""What `shiftapp log fsck` says of each fault: one sentence that names the place."""

from __future__ import annotations

from shiftapp.commands.speech import pick
from shiftapp.ledger.fsck_entries import Fault

SENTENCES = {
    "no_checkpoint": ("没有检查点。", "There is no checkpoint."),
    "bad_checkpoint": (
        "检查点不是这本账签的，或者签名是错的。",
        "The checkpoint is not signed by this log, or a signature is wrong.",
    ),
    "no_quorum": (
        "最新的检查点，见证人数不够。",
        "Too few witnesses have seen the newest checkpoint.",
    ),
    "rolled_back": (
        "账变短了：以前见过 {known} 条，现在只有 {size} 条。",
        "The log went back: it had {known} entries, now it has {size}.",
    ),
    "fork": (
        "账有两本：前 {size} 条和另一份签过的不一样。",
        "There are two logs: the first {size} entries are not those of another signed checkpoint.",
    ),
    "no_bundle": ("缺条目文件 {path}。", "The bundle {path} is missing or of another length."),
    "no_entries": (
        "{path} 的条目和哈希都没有，后面的没法核对。",
        "Of {path} there are neither entries nor hashes: nothing after it can be checked.",
    ),
    "no_tile": ("缺哈希文件 {path}。", "The tile {path} is missing."),
    "tile_differs": (
        "哈希文件 {path} 从第 {place} 个起和条目对不上。",
        "The tile {path} is not that of the entries, from hash {place} on.",
    ),
    "root_differs": (
        "按条目重算，前 {size} 条的根和签过的不一样：条目改过。",
        "The root made of the {size} entries is not the signed one: an entry was changed.",
    ),
    "bad_entry": (
        "第 {index} 号不是规范的条目。",
        "Entry {index} is not canonical, or of no known kind.",
    ),
    "opened_twice": (
        "第 {index} 号：这个班的名单开了两次。",
        "Entry {index} opens a shift that was opened before.",
    ),
    "not_opened": (
        "第 {index} 号说的班，前面没有名单。",
        "Entry {index} speaks of a shift that was not opened before it.",
    ),
    "bad_change": (
        "第 {index} 号的名单变动不可能：加的本来就在，或者去掉的本来不在。",
        "The roster change {index} cannot be: it adds who was there, or takes who was not.",
    ),
    "no_roster": (
        "第 {index} 号的名单 roster/{s} 不见了。",
        "The roster of entry {index}, roster/{s}, is missing.",
    ),
    "bad_roster": (
        "名单 roster/{s}（第 {index} 号）不是排好的岗位号。",
        "roster/{s} of entry {index} is no list of slots in order.",
    ),
    "roster_differs": (
        "名单 roster/{s} 和第 {index} 号定下的不一样。",
        "roster/{s} is not the roster that entry {index} fixed.",
    ),
    "no_document": (
        "第 {index} 号公告的文件不见了。",
        "The document of announcement {index} is missing.",
    ),
    "doc_differs": (
        "第 {index} 号公告的文件改过。",
        "The document of announcement {index} was changed.",
    ),
    "no_parts": (
        "第 {index} 号公告的分项表不见了。",
        "The list of parts of announcement {index} is missing.",
    ),
    "parts_differ": (
        "第 {index} 号公告的分项表改过。",
        "The list of parts of announcement {index} was changed.",
    ),
    "bad_trees": (
        "第 {index} 号公告引用的大小不可能。",
        "Announcement {index} rests on sizes that cannot be.",
    ),
    "no_cited": (
        "第 {index} 号公告引用的检查点 {size} 不见了。",
        "The checkpoint {size} that announcement {index} rests on is missing.",
    ),
    "bad_cited": (
        "第 {index} 号公告引用的检查点 {size} 签名不对，或者见证人数不够。",
        "The checkpoint {size} of announcement {index} is not signed, or by too few witnesses.",
    ),
    "not_kept": (
        "还没有记过账：serve 或 log sequence 没运行过。",
        "The log was never kept: neither `serve` nor `log sequence` has run.",
    ),
    "hole": (
        "账里有空号：第 {index} 号没有条目（共 {size} 条）。",
        "There is a hole: no entry has place {index} of {size}.",
    ),
    "overdue": (
        "{n} 条过了回执答应的 5 分钟，还没有入账。",
        "{n} entries wait for longer than the 5 minutes that their receipts promise.",
    ),
    "receipt_broken": (
        "记录 {id} 的回执答应的条目不在。",
        "The entry that the receipt of record {id} promises is not there.",
    ),
    "head_behind": (
        "账只有 {size} 条，已经公布过 {known} 条：数据库是旧的。",
        "The head has {size} entries, {known} were published: the database is an older one.",
    ),
    "head_differs": (
        "账头和存的哈希对不上（{size} 条）。",
        "The head is not the tree that is stored ({size} entries).",
    ),
    "guard_ahead": (
        "公布过 {known} 条，数据库里只有 {size} 条：恢复过旧备份。",
        "{known} entries were published, the database has {size}: an older backup was restored.",
    ),
    "guard_forked": (
        "公布过的 {size} 条和数据库里的不是同一本账。",
        "The {size} entries that were published are not those of the database.",
    ),
    "restored": (
        "是从备份恢复的，还没有放回记着最新检查点的文件 {path}。",
        "This was restored from a backup; the file that remembers the newest checkpoint is not"
        " put back yet: {path}",
    ),
    "bad_guard": (
        "记着最新检查点的文件 {path} 读不出来。",
        "The file that remembers the newest checkpoint cannot be read: {path}",
    ),
}


def sentence(fault: Fault) -> str:
    """What is wrong, in the terminal's language."""
    return pick(*SENTENCES[fault.code]).format(**fault.params)
