package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenTapbackTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Loved “see you”                         | love      | false
            Liked "see you"                         | like      | false
            Disliked “see you”                      | dislike   | false
            Laughed at “see you”                    | laugh     | false
            Emphasized “see you”                    | emphasize | false
            Questioned “he said “hi” to me”         | question  | false
            Reacted 👍🏽 to “see you”                 | custom    | false
            ❤️ to “see you”                          | custom    | false
            👨‍👩‍👧 to “see you”                          | custom    | false
            👍 from “see you”                        | custom    | true
            Removed a heart from “see you”          | love      | true
            Removed an exclamation from “see you”   | emphasize | true
            Removed a question mark from “see you”  | question  | true
            Removed 🎉 from “see you”               | custom    | true
            Le encantó “see you”                    | love      | false
            No le gustó “see you”                   | dislike   | false
            Reaccionó con 😂 a “see you”             | custom    | false
            a attribué la mention « J’aime » à « see you » | like | false
            a réagi avec 🔥 à « see you »            | custom    | false
            Gefällt „see you“ nicht                 | dislike   | false
            """)
    void a_tapback_in_words_is_read(String text, String reaction, boolean removed) {
        List<InboundHandler.RecentText> thread = List.of(ours("see you"), ours("he said \"hi\" to me"));

        WrittenTapbacks.WrittenTapback tapback = WrittenTapbacks.WrittenTapback.of(text).stream()
                .filter(it -> it.target(thread).isPresent())
                .findFirst()
                .orElseThrow();

        assertThat(tapback.reaction()).isEqualTo(reaction);
        assertThat(tapback.removed()).isEqualTo(removed);
        assertThat(tapback.emoji() != null).isEqualTo(reaction.equals("custom"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "“it”",
                "👍",
                "👍 👍",
                "Loved it",
                "Liked the message",
                "I Loved “it”",
                "Loved “it” very much",
                "😂 I said “it”",
                "Removed a wart from “it”",
                "Reacted to “it”",
                "ok👍 to “it”",
                "Why did you say “it”? I liked it"
            })
    void anything_else_is_a_text(String text) {
        assertThat(WrittenTapbacks.WrittenTapback.of(text)).isEmpty();
    }

    @Test
    void it_is_meant_for_what_it_quotes_and_a_long_quote_for_its_beginning() {
        assertThat(target("Liked “see\nyou  there”", ours("see you there"))).isPresent();
        assertThat(target("Liked “see you there”", ours("see you there!"))).isEmpty();
        assertThat(target("Liked “see you…”", ours("see you there"))).isPresent();
        assertThat(target("Liked “see you...”", ours("see you there"))).isPresent();
        assertThat(target("Liked “see you…”", ours("I see you"))).isEmpty();
        assertThat(target("Liked “…”", ours("anything"))).isEmpty();
    }

    @Test
    void without_a_quote_it_is_meant_for_the_newest_of_ours_that_is_such_a_thing() {
        List<InboundHandler.RecentText> thread =
                List.of(theirs("newest"), ours("hi"), ours("see https://a.example"), picture(), ours("old"));

        assertThat(target("Liked an image", thread)).contains(picture());
        assertThat(target("Reacted 🎉 to an image", thread)).contains(picture());
        assertThat(target("Le encantó una imagen", thread)).contains(picture());
        assertThat(target("Loved a link", thread)).contains(ours("see https://a.example"));
        assertThat(target("Liked a message", thread)).contains(ours("hi"));
        assertThat(target("Removed a like from a message", thread)).contains(ours("hi"));
    }

    @Test
    void what_both_said_is_ours_and_what_the_person_said_alone_is_theirs() {
        assertThat(target("Liked “ok”", List.of(theirs("ok"), ours("ok")))).contains(ours("ok"));
        assertThat(target("Liked “ok”", theirs("ok"))).contains(theirs("ok"));
    }

    private static Optional<InboundHandler.RecentText> target(String text, InboundHandler.RecentText one) {
        return target(text, List.of(one));
    }

    private static Optional<InboundHandler.RecentText> target(String text, List<InboundHandler.RecentText> thread) {
        return WrittenTapbacks.WrittenTapback.of(text).stream()
                .flatMap(it -> it.target(thread).stream())
                .findFirst();
    }

    private static InboundHandler.RecentText ours(@Nullable String text) {
        return new InboundHandler.RecentText("ours " + text, text, false, true);
    }

    private static InboundHandler.RecentText theirs(String text) {
        return new InboundHandler.RecentText("theirs " + text, text, false, false);
    }

    private static InboundHandler.RecentText picture() {
        return new InboundHandler.RecentText("picture", null, true, true);
    }
}
