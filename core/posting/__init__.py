"""Many copies of one mail: each sent at most once, none lost, whatever is killed.

The rows are the queue (`rows.MailCopy`, of which an app has a table of its own); Celery only wakes
a drain (`drain.Drain`). A drain claims rows that were never handed over, marks ten at a time as
being sent, writes a local journal around each handing over (`journal.Journal`) and acknowledges.
What a dead drain leaves is settled from its journal (`reaping.reap`): not begun → queued again;
begun and taken → sent; begun without an answer → uncertain, and never sent again by itself.

The mail is built once for each language (`skeleton.Skeleton`); the few words that differ from one
addressee to the next are merged into its bytes.
"""
