package partyline.conversations;

import java.util.List;

/// What a search came to.
public sealed interface SearchOutcome {

    /// All that matches, newest first, up to the limit.
    record Found(List<SearchHit> hits) implements SearchOutcome {}

    /// The index does not reach so far yet; of the caller's organization `indexed` in a hundred messages are in it.
    record NotIndexed(int indexed) implements SearchOutcome {}
}
