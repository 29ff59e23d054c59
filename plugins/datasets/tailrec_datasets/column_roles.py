"""Which column is the user, which the item, which the rating and which the time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from tailrec import InputError

#: The usual names, in two tiers: what says the role itself, and what says it only where nothing better does.
_USUAL: dict[str, tuple[set[str], set[str]]] = {
    "user": (
        {"user", "userid", "users", "uid"},
        {"customer", "customerid", "reviewer", "reviewerid", "visitor", "visitorid", "member", "memberid",
         "household", "householdid", "person", "personid", "reader", "readerid"},
    ),
    "item": (
        {"item", "itemid", "items", "iid"},
        {"movie", "movieid", "film", "filmid", "product", "productid", "asin", "parentasin", "book", "bookid", "isbn",
         "article", "articleid", "track", "trackid", "song", "songid", "artist", "artistid", "game", "gameid", "appid",
         "business", "businessid", "news", "newsid", "joke", "jokeid", "recipe", "recipeid", "paper", "paperid"},
    ),
    "rating": ({"rating", "ratings"}, {"score", "stars", "overall"}),
    "timestamp": ({"timestamp", "timestamps", "time"}, {"datetime", "date", "ts", "unixtime", "unixreviewtime"}),
}  # fmt: skip


def column_roles(
    columns: Sequence[str], given: Mapping[str, str | None], source: str, *, named: bool = True, hint: str = ""
) -> dict[str, str]:
    """Return the column of each role: ``user`` and ``item`` always, ``rating`` and ``timestamp`` where known.

    Parameters
    ----------
    columns
        The names of the columns; their positions, from 1, in a file without a header.
    given
        The column that was asked for, by role; None to guess it, ``-`` for none.
    source
        How messages name the file.
    named
        Whether the columns have names. Where they have none, they are taken as user, item, rating and
        timestamp, in this order.
    hint
        What else a message may advise.

    Raises
    ------
    InputError
        Where a column that was asked for is not there, or user or item cannot be guessed.

    Examples
    --------
    >>> column_roles(["userId", "movieId", "stars"], {}, "ratings.csv")
    {'user': 'userId', 'item': 'movieId', 'rating': 'stars'}
    """
    roles: dict[str, str] = {}
    for role in _USUAL:
        asked = given.get(role)
        if asked == "-" and role in ("rating", "timestamp"):
            continue
        if asked is not None:
            roles[role] = _asked(role, asked, columns, source, named, hint)
    free = [column for column in columns if column not in roles.values()]
    for position, role in enumerate(_USUAL):
        if role in roles or given.get(role) == "-":
            continue
        if not named:
            if position < len(columns) and columns[position] in free:
                roles[role] = columns[position]
        elif (guess := _guess(role, columns if role in ("user", "item") else free, source)) is not None:
            roles[role] = guess
    for role in ("user", "item"):
        if role not in roles:
            example = columns[min(len(columns) - 1, role == "item")][:30]
            mend = (
                f"say which one it is: `{role}={example}`"
                if len(columns) > 1
                else "say what separates the fields: `sep=`"
            )
            raise InputError(
                f"{source}: expected a column for the {role}, received {_listed(columns, named, hint)}; {mend}"
            )
    for role, column in roles.items():
        if columns.count(column) > 1:
            raise InputError(
                f"{source}: expected one column `{column}`, received {columns.count(column)} of that name; rename one"
            )
        twin = next((other for other in roles if other != role and roles[other] == column), None)
        if twin:
            raise InputError(
                f"{source}: expected a column for each role, received `{column}` for both {role} and {twin}"
            )
    return {role: roles[role] for role in _USUAL if role in roles}


def _asked(role: str, asked: str, columns: Sequence[str], source: str, named: bool, hint: str) -> str:
    if asked in columns:
        return asked
    close = get_close_matches(asked, columns, n=1)
    mend = f"did you mean `{close[0]}`?" if close else f"say `{role}=` with one of them"
    raise InputError(
        f"{source}: expected a column `{asked}` for the {role}, received {_listed(columns, named, hint)}; {mend}"
    )


def _guess(role: str, columns: Sequence[str], source: str) -> str | None:
    for tier in _USUAL[role]:
        # Some files write the type after the name: `user_id:token`.
        found = [column for column in columns if re.sub(r"[^a-z]", "", column.partition(":")[0].lower()) in tier]
        if len(set(found)) > 1:
            either = " and ".join(f"`{column}`" for column in found)
            raise InputError(
                f"{source}: expected one column for the {role}, received {either}; say `{role}={found[0]}`"
            )
        if found:
            return found[0]
    return None


def _listed(columns: Sequence[str], named: bool, hint: str) -> str:
    listed = ", ".join(f"`{column[:30]}`" for column in columns[:20]) + (", ..." if len(columns) > 20 else "")
    return (listed if named else f"{len(columns)} without names") + (f" ({hint})" if hint else "")
