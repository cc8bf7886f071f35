package partyline.conversations;

import java.util.List;

/// What a search came to.
public sealed interface SearchOutcome {

    /// What matches, newest first, up to the limit or fewer where they are large; with `more`, older ones may too.
    record Found(List<SearchHit> hits, boolean more) implements SearchOutcome {}

    /// The index does not reach so far yet; of the caller's organization `indexed` in a hundred messages are in it.
    record NotIndexed(int indexed) implements SearchOutcome {}
}
