package partyline.app;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.stream.Stream;
import org.openqa.selenium.By;

/// What a phone's camera reads off a code on a page.
final class Camera {

    private static final int SIDE = 296;
    /// The picture as numbers, as [RGBLuminanceSource] takes them.
    private static final String PIXELS = """
            (() => {
              const pen = new OffscreenCanvas(296, 296).getContext('2d');
              pen.drawImage(document.querySelector('%s'), 0, 0, 296, 296);
              const bytes = pen.getImageData(0, 0, 296, 296).data;
              return [...bytes].filter((_, at) => at %% 4 === 0).map(grey => grey * 0x10101).join();
            })()""";

    private Camera() {}

    static String scan(Browser browser, String selector) {
        browser.find(By.cssSelector(selector));
        Api.waitFor(() -> browser.tells("document.querySelector('" + selector + "').complete"), "true"::equals);
        int[] pixels = Stream.of(browser.tells(PIXELS.formatted(selector)).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        var picture = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(SIDE, SIDE, pixels)));
        try {
            return new QRCodeReader().decode(picture).getText();
        } catch (ReaderException e) {
            throw new AssertionError("no code is to be read", e);
        }
    }
}
