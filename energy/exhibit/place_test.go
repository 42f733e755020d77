package exhibit_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"heatledger/energy/exhibit"
)

func TestAPhotoLosesItsPlaceAndNothingOfItsPicture(t *testing.T) {
	t.Parallel()
	picture := image.NewGray(image.Rect(0, 0, 16, 8))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i * 7)
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, picture, nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x02\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x25\x88\x04\x00\x01\x00\x00\x00\x2a\x00\x00\x00GPS 50.1N 8.7E")
	segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2)), exif...)
	taken := append(append([]byte{0xff, 0xd8}, segment...), plain.Bytes()[2:]...)
	bare := exhibit.WithoutPlace(taken)
	if bytes.Contains(bare, []byte("GPS")) || !bytes.HasSuffix(bare, plain.Bytes()[2:]) {
		t.Errorf("%d bytes of %d: the place is still there, or the picture is not", len(bare), len(taken))
	}
	if !bytes.Contains(bare, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06")) {
		t.Error("how the photo is to be turned is lost")
	}
	if _, _, err := exhibit.Inspect("a.jpg", bytes.NewReader(bare), int64(len(bare))); err != nil {
		t.Errorf("what is left is no JPEG: %v", err)
	}
	if again := exhibit.WithoutPlace(plain.Bytes()); !bytes.Equal(again, plain.Bytes()) {
		t.Error("a photo without a place is changed")
	}
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, picture); err != nil {
		t.Fatal(err)
	}
	text := []byte("tEXtLocation\x0050.1N 8.7E")
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(text)-4)), text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(text))
	const head = 8 + 25 // signature and IHDR
	marked := append(append(append([]byte{}, drawn.Bytes()[:head]...), chunk...), drawn.Bytes()[head:]...)
	if got := exhibit.WithoutPlace(marked); !bytes.Equal(got, drawn.Bytes()) {
		t.Errorf("a PNG of %d bytes becomes %d, want the %d without the text", len(marked), len(got), drawn.Len())
	}
	if got := exhibit.WithoutPlace([]byte("no picture")); string(got) != "no picture" {
		t.Errorf("what is no photo becomes %q", got)
	}
}
