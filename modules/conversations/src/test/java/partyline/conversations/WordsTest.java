package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.conversations.Words.Word;
import partyline.testkit.Seeds;

class WordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Meet at 5, OK?             | meet at 5 ok",
                "don't re-send a@b.example  | don t re send a b example",
                "Crème BRÛLÉE               | creme brulee",
                "ＦＵＬＬ width ﬁnd ½ ㎏      | full width find 12",
                "ΟΔΟΣ οδος Straße STRASSE   | οδοσ οδοσ strasse strasse",
                "İstanbul ISTANBUL ısparta  | istanbul istanbul isparta",
                "Ещё Привет                 | еще привет",
                "שָׁלוֹם مَرْحَبًا                  | שלום مرحبا",
                "हिन्दी                       | हिन्दी",
                "👍🏽 ok👍 ❤️                 | 👍 ok 👍 ❤",
                "東京都へ                    | 東京 京都 都へ へ",
                "カタカナ ｶﾅ                 | カタ タカ カナ ナ カナ ナ",
                "ラーメン3杯                 | ラー ーメ メン ン 3 杯",
                "서울에서 東                  | 서울 울에 에서 서 東",
                "a_b \"c\" (d) *e* f:g h!i   | a b c d e f g h i",
            })
    void a_text_is_cut_into_words_that_are_spelled_alike_however_they_are_written(String text, String words) {
        assertThat(terms(text)).containsExactly(words.split(" "));
    }

    @Test
    void accents_that_are_characters_of_their_own_do_not_part_words() {
        assertThat(terms("cre\u0300me so\u00ADft zero\u200Dwidth")).containsExactly("creme", "soft", "zerowidth");
    }

    @Test
    void a_long_word_is_known_by_its_beginning() {
        assertThat(terms("x".repeat(20_000))).containsExactly("x".repeat(64));
        assertThat(terms("x".repeat(63) + "𝒳𐐨𐐨")).containsExactly("x".repeat(64));
        assertThat(terms("x".repeat(63) + "𐐨𐐨")).containsExactly("x".repeat(63));
    }

    @Test
    void no_word_has_what_parts_words_in_the_index_and_each_is_a_part_of_the_text() {
        List<String> parts = List.of(
                "a", "É", " ", "\"", "'", "*", ":", "!", "@", "(", "^", "-", "\0", "\n", "東", "ー", "ｶ", "ﾞ", "\uD83D",
                "\uDC4D", "👍", "🏽", "ﷺ", "⑴", "ͺ", "ŉ", "½", "\u0301", "\uFE0F", "\u200D", "각", "\u1100", "ก", "ิ",
                "1");
        Seeds.each(2_000, random -> {
            String text = Seeds.text(random, 30, parts);
            assertThat(Words.of(text)).allSatisfy(word -> {
                assertThat(word.term())
                        .matches("[^\\x00-\\x7F]*[a-z0-9\\P{ASCII}]+")
                        .doesNotContainAnyWhitespaces();
                assertThat(word.start()).isBetween(0, word.end() - 1);
                assertThat(word.end()).isLessThanOrEqualTo(text.length());
            });
        });
    }

    private static List<String> terms(String text) {
        return Words.of(text).stream().map(Word::term).toList();
    }
}
