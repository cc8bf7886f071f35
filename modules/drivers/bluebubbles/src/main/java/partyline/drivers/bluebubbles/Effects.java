package partyline.drivers.bluebubbles;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Apple's names of the thirteen effects. The server does not check them, so no other is ever sent.
final class Effects {

    private static final String BUBBLE = "com.apple.MobileSMS.expressivesend.";
    private static final String SCREEN = "com.apple.messages.effect.";
    private static final Map<String, String> APPLE = Map.ofEntries(
            Map.entry("slam", BUBBLE + "impact"),
            Map.entry("loud", BUBBLE + "loud"),
            Map.entry("gentle", BUBBLE + "gentle"),
            Map.entry("invisible", BUBBLE + "invisibleink"),
            Map.entry("echo", SCREEN + "CKEchoEffect"),
            Map.entry("spotlight", SCREEN + "CKSpotlightEffect"),
            Map.entry("balloons", SCREEN + "CKHappyBirthdayEffect"),
            Map.entry("confetti", SCREEN + "CKConfettiEffect"),
            Map.entry("love", SCREEN + "CKHeartEffect"),
            Map.entry("lasers", SCREEN + "CKLasersEffect"),
            Map.entry("fireworks", SCREEN + "CKFireworksEffect"),
            Map.entry("celebration", SCREEN + "CKSparklesEffect"),
            Map.entry("shooting_star", SCREEN + "CKShootingStarEffect"));

    private Effects() {}

    static Optional<String> apple(@Nullable String style) {
        return Optional.ofNullable(style).map(APPLE::get);
    }
}
