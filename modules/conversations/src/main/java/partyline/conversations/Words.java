package partyline.conversations;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Cuts a text into the words by which it is found, and spells each so that it is found however it is written: in small
/// letters, without accents, in the plain form of letters that have several.
///
/// A word is a run of letters and digits; all else parts words. Scripts that put no spaces between words (Chinese,
/// Japanese, Korean, Thai and their like) are cut into overlapping pairs of characters, with the last one alone after
/// them, so that any part of a run is a row of such pairs. An emoji is a word, without its colour of skin.
///
/// The index of messages holds what this class makes of them: who changes it has to index all messages anew.
final class Words {

    /// What a text says from `start` to `end`, in UTF-16 units. A `Kind` of `END` is the last character of a run of two
    /// or more without spaces.
    record Word(String term, int start, int end, Kind kind) {}

    enum Kind {
        SPACED,
        PAIR,
        END
    }

    private enum Type {
        LETTER,
        UNSPACED,
        EMOJI,
        /// Changes how the character before it looks.
        IGNORED,
        OTHER
    }

    /// Longer words are known by their beginning.
    private static final int LONGEST = 64;

    private static final Set<UnicodeScript> WITHOUT_SPACES = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private static final int LONG_VOWEL = 0x30FC;
    private static final int HALF_LONG_VOWEL = 0xFF70;

    private final String text;
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder letters = new StringBuilder();
    private int lettersStart;
    private int lettersEnd;
    /// The last character of the run without spaces that is being read; empty outside of one.
    private String last = "";
    private int lastStart;
    private int lastEnd;
    private boolean paired;

    private Words(String text) {
        this.text = text;
    }

    static List<Word> of(String text) {
        return new Words(text).cut();
    }

    private List<Word> cut() {
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            switch (type(character)) {
                case LETTER -> letter(character, at, next);
                case UNSPACED -> unspaced(character, at, next);
                case EMOJI -> {
                    endWord();
                    words.add(new Word(Character.toString(character), at, next, Kind.SPACED));
                }
                case IGNORED -> extend(next);
                case OTHER -> endWord();
            }
            at = next;
        }
        endWord();
        return words;
    }

    private void letter(int character, int start, int end) {
        endRun();
        if (letters.isEmpty()) {
            lettersStart = start;
        }
        lettersEnd = end;
        if (letters.length() >= LONGEST) {
            return;
        }
        if (character < 128) {
            letters.append((char) Character.toLowerCase(character));
        } else {
            letters.append(spelled(character));
        }
    }

    private void unspaced(int character, int start, int end) {
        endLetters();
        String spelled = kept(Normalizer.normalize(Character.toString(character), Form.NFKC));
        if (spelled.isEmpty()) {
            return;
        }
        if (!last.isEmpty()) {
            words.add(new Word(last + spelled, lastStart, end, Kind.PAIR));
            paired = true;
        }
        last = spelled;
        lastStart = start;
        lastEnd = end;
    }

    private void extend(int end) {
        if (!letters.isEmpty()) {
            lettersEnd = end;
        }
    }

    private void endWord() {
        endLetters();
        endRun();
    }

    private void endLetters() {
        if (!letters.isEmpty()) {
            int length = Math.min(LONGEST, letters.length());
            boolean split = length < letters.length() && Character.isHighSurrogate(letters.charAt(length - 1));
            String term = letters.substring(0, split ? length - 1 : length);
            words.add(new Word(term, lettersStart, lettersEnd, Kind.SPACED));
            letters.setLength(0);
        }
    }

    private void endRun() {
        if (!last.isEmpty()) {
            words.add(new Word(last, lastStart, lastEnd, paired ? Kind.END : Kind.PAIR));
            last = "";
            paired = false;
        }
    }

    private static Type type(int character) {
        if (character < 128) {
            return isAsciiWord(character) ? Type.LETTER : Type.OTHER;
        }
        if (isDiacritic(character) || Character.isEmojiModifier(character)) {
            return Type.IGNORED;
        }
        return switch (Character.getType(character)) {
            case Character.FORMAT -> Type.IGNORED;
            case Character.OTHER_SYMBOL, Character.MATH_SYMBOL ->
                Character.isExtendedPictographic(character) || Character.isEmoji(character) ? Type.EMOJI : Type.OTHER;
            default -> isKept(character) ? letterType(character) : Type.OTHER;
        };
    }

    private static Type letterType(int character) {
        boolean unspaced = character == LONG_VOWEL
                || character == HALF_LONG_VOWEL
                || (character >= 0x0E00 && WITHOUT_SPACES.contains(UnicodeScript.of(character)));
        return unspaced ? Type.UNSPACED : Type.LETTER;
    }

    private static boolean isAsciiWord(int character) {
        return character >= 'a' && character <= 'z'
                || character >= '0' && character <= '9'
                || character >= 'A' && character <= 'Z';
    }

    /// What accents, vowel points and variants add to the letter before them; other marks are part of what is written.
    private static boolean isDiacritic(int character) {
        return character >= 0x0300 && character <= 0x036F
                || character >= 0x0591 && character <= 0x05C7
                || character >= 0x064B && character <= 0x065F
                || character == 0x0670
                || character >= 0x20D0 && character <= 0x20FF
                || character >= 0xFE00 && character <= 0xFE0F;
    }

    private static boolean isKept(int character) {
        return switch (Character.getType(character)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    /// By way of the capital, which brings together what has several small forms.
    private static String spelled(int character) {
        String plain = kept(Normalizer.normalize(Character.toString(character), Form.NFKD));
        return plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /// Some characters are spelled with spaces or brackets, which no word has.
    private static String kept(String text) {
        return text.codePoints()
                .filter(character -> isKept(character) && !isDiacritic(character))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
