package partyline.conversations;

import java.util.ArrayList;
import java.util.List;
import partyline.conversations.SearchQuery.Span;

/// A message that was looked for, and what it says around the words that were found: parts that follow each other, of
/// which those that match are marked. No markup, no offsets, so nobody has to escape or to count.
public record SearchHit(Message message, List<Part> snippet) {

    /// About so many UTF-16 units of a text are shown, and so many of them before the first match.
    private static final int LENGTH = 160;
    private static final int BEFORE = 40;

    private static final String CUT = "…";

    /// A piece of the text.
    public record Part(String text, boolean match) {}

    static SearchHit of(Message message, SearchQuery query) {
        String text = message.content().text();
        return new SearchHit(message, text == null ? List.of() : snippet(text, query.spans(text)));
    }

    static List<Part> snippet(String text, List<Span> spans) {
        int first = spans.isEmpty() ? 0 : spans.getFirst().start();
        int start =
                text.length() <= LENGTH ? 0 : wordStart(text, Math.min(first - BEFORE, text.length() - LENGTH), first);
        int end = whole(text, Math.min(text.length(), start + LENGTH));
        List<Part> parts = new ArrayList<>();
        int at = start;
        StringBuilder plain = new StringBuilder(start == 0 ? "" : CUT);
        for (Span span : spans) {
            if (span.start() >= end) {
                break;
            }
            add(parts, plain.append(text, at, span.start()).toString(), false);
            plain.setLength(0);
            at = Math.min(end, span.end());
            add(parts, text.substring(span.start(), at), true);
        }
        add(
                parts,
                plain.append(text, at, end)
                        .append(end == text.length() ? "" : CUT)
                        .toString(),
                false);
        return parts;
    }

    private static void add(List<Part> parts, String text, boolean match) {
        if (!text.isEmpty()) {
            parts.add(new Part(text, match));
        }
    }

    /// From `wanted` on the first place before `first` where a word begins.
    private static int wordStart(String text, int wanted, int first) {
        for (int at = Math.max(0, wanted); at < first; at++) {
            if (at == 0 || Character.isWhitespace(text.charAt(at - 1))) {
                return at;
            }
        }
        return whole(text, Math.max(0, wanted));
    }

    /// `at`, or one less where that would cut a character in two.
    private static int whole(String text, int at) {
        boolean cut = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
        return cut && Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
    }
}
