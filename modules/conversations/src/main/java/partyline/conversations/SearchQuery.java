package partyline.conversations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import partyline.conversations.Words.Kind;
import partyline.conversations.Words.Word;

/// What somebody looks for in messages: words that all occur, in any order. The last one, and one with a `*` behind it,
/// may go on; words in quotes follow each other. Nothing else in it has a meaning, so there is no wrong syntax.
public final class SearchQuery {

    /// Words in a row, the last of which may go on when `open`.
    private record Phrase(List<String> terms, boolean open) {}

    /// A stretch of a text, in UTF-16 units.
    record Span(int start, int end) {}

    private static final Pattern PIECE = Pattern.compile("\"([^\"]*)\"?|([^\\s\"]+)");

    private final List<Phrase> phrases;

    private SearchQuery(List<Phrase> phrases) {
        this.phrases = phrases;
    }

    /// Empty when there is no word in it.
    public static Optional<SearchQuery> of(String text) {
        List<Phrase> phrases = new ArrayList<>();
        Matcher pieces = PIECE.matcher(text);
        while (pieces.find()) {
            boolean quoted = pieces.group(1) != null;
            String piece = quoted ? pieces.group(1) : pieces.group(2);
            boolean last = pieces.end() == text.length();
            boolean open = !quoted && (last || piece.endsWith("*"));
            phrase(Words.of(piece), open).ifPresent(phrases::add);
        }
        return phrases.isEmpty() ? Optional.empty() : Optional.of(new SearchQuery(List.copyOf(phrases)));
    }

    /// A run without spaces is found inside of another: in pairs alone, and a single character as the first of a pair.
    private static Optional<Phrase> phrase(List<Word> words, boolean open) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        Word last = words.getLast();
        List<Word> sought = last.kind() == Kind.END ? words.subList(0, words.size() - 1) : words;
        boolean goesOn = last.kind() == Kind.SPACED ? open : last.kind() == Kind.PAIR;
        return Optional.of(new Phrase(sought.stream().map(Word::term).toList(), goesOn));
    }

    /// The question to the index, for words with `scope` before them, all in messages that also have each of `marks`.
    String match(String scope, List<String> marks) {
        String sought = phrases.stream().map(phrase -> match(scope, phrase)).collect(Collectors.joining(" AND "));
        return marks.stream().map(mark -> "\"" + scope + mark + "\" AND ").collect(Collectors.joining()) + sought;
    }

    private static String match(String scope, Phrase phrase) {
        String terms = phrase.terms().stream().map(term -> scope + term).collect(Collectors.joining(" ", "\"", "\""));
        return phrase.open() ? terms + " *" : terms;
    }

    /// Whether the index would find this text.
    boolean matches(String text) {
        List<Word> words = Words.of(text);
        return phrases.stream().noneMatch(phrase -> spans(phrase, words).isEmpty());
    }

    /// Where the text has what is looked for, in order and without overlaps.
    List<Span> spans(String text) {
        List<Word> words = Words.of(text);
        List<Span> found = phrases.stream()
                .flatMap(phrase -> spans(phrase, words).stream())
                .sorted((one, other) -> Integer.compare(one.start(), other.start()))
                .toList();
        List<Span> apart = new ArrayList<>();
        for (Span span : found) {
            if (apart.isEmpty() || apart.getLast().end() <= span.start()) {
                apart.add(span);
            } else {
                Span before = apart.removeLast();
                apart.add(new Span(before.start(), Math.max(before.end(), span.end())));
            }
        }
        return apart;
    }

    private static List<Span> spans(Phrase phrase, List<Word> words) {
        List<Span> found = new ArrayList<>();
        int length = phrase.terms().size();
        for (int at = 0; at + length <= words.size(); at++) {
            if (isAt(phrase, words, at)) {
                found.add(new Span(words.get(at).start(), end(phrase.terms().getLast(), words.get(at + length - 1))));
            }
        }
        return found;
    }

    private static boolean isAt(Phrase phrase, List<Word> words, int at) {
        int last = phrase.terms().size() - 1;
        for (int index = 0; index < last; index++) {
            if (!words.get(at + index).term().equals(phrase.terms().get(index))) {
                return false;
            }
        }
        String term = words.get(at + last).term();
        String sought = phrase.terms().get(last);
        return phrase.open() ? term.startsWith(sought) : term.equals(sought);
    }

    /// Of a pair of which only the first character was looked for the second is none of it.
    private static int end(String sought, Word word) {
        boolean whole =
                word.kind() == Kind.SPACED || sought.length() == word.term().length();
        return whole ? word.end() : Math.min(word.end(), word.start() + sought.length());
    }
}
