package partyline.transport.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenTapbackTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Loved “see you”                         | love      | false | see you
            Liked "see you"                         | like      | false | see you
            Disliked “see you”                      | dislike   | false | see you
            Laughed at “see you”                    | laugh     | false | see you
            Emphasized “see you”                    | emphasize | false | see you
            Questioned “he said “hi” to me”         | question  | false | he said “hi” to me
            Reacted 👍🏽 to “see you”                 | custom    | false | see you
            Removed a heart from “see you”          | love      | true  | see you
            Removed an exclamation from “see you”   | emphasize | true  | see you
            Removed a question mark from “see you”  | question  | true  | see you
            Removed 🎉 from “see you”               | custom    | true  | see you
            """)
    void a_tapback_in_words_is_read(String text, String reaction, boolean removed, String quote) {
        WrittenTapback tapback = WrittenTapback.of(text).orElseThrow();

        assertThat(tapback.reaction()).isEqualTo(reaction);
        assertThat(tapback.removed()).isEqualTo(removed);
        assertThat(tapback.quote()).isEqualTo(quote);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Loved it",
                "I Loved “it”",
                "Loved “it” very much",
                "Removed a wart from “it”",
                "Reacted to “it”",
                "loved “it”"
            })
    void anything_else_is_a_text(String text) {
        assertThat(WrittenTapback.of(text)).isEmpty();
    }

    @Test
    void it_fits_what_it_quotes_and_a_long_quote_its_beginning() {
        WrittenTapback whole = WrittenTapback.of("Liked “see\nyou  there”").orElseThrow();
        WrittenTapback cut = WrittenTapback.of("Liked “see you…”").orElseThrow();
        WrittenTapback picture = WrittenTapback.of("Liked an image").orElseThrow();

        assertThat(whole.fits("see you there", false)).isTrue();
        assertThat(whole.fits("see you there!", false)).isFalse();
        assertThat(cut.fits("see you there", false)).isTrue();
        assertThat(cut.fits("I see you", false)).isFalse();
        assertThat(picture.fits(null, true)).isTrue();
        assertThat(picture.fits("an image", false)).isFalse();
    }
}
