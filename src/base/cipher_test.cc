#include "base/cipher.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

TEST(DataKeyTest, ReadsWhatItEncrypted) {
  const DataKey key = DataKey::make();
  for (const std::string& plain :
       {std::string(), std::string("sk-12345"), std::string(10'000, '\0')}) {
    const std::string text = key.encrypt(plain, "shop/orders.key");
    EXPECT_EQ(text.find("12345"), std::string::npos);
    const auto again = key.decrypt(text, "shop/orders.key");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*again, plain);
  }
}

TEST(DataKeyTest, NeverSaysTheSameTwice) {
  const DataKey key = DataKey::make();
  EXPECT_NE(key.encrypt("a", "c"), key.encrypt("a", "c"));
}

TEST(DataKeyTest, IsKeptAsText) {
  const DataKey key = DataKey::make();
  const auto same = DataKey::parse(key.text());
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(*same->decrypt(key.encrypt("a", "c"), "c"), "a");
  for (const std::string bad : {"", "00", "zz"}) EXPECT_FALSE(DataKey::parse(bad).ok());
  EXPECT_FALSE(DataKey::parse(key.text() + "0").ok());
  EXPECT_FALSE(DataKey::parse(key.text().substr(1) + "g").ok());
}

TEST(DataKeyTest, RefusesOtherKeysPlacesAndChangedTexts) {
  const DataKey key = DataKey::make();
  const std::string text = key.encrypt("sk-12345", "a");
  EXPECT_FALSE(DataKey::make().decrypt(text, "a").ok());
  EXPECT_FALSE(key.decrypt(text, "b").ok());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(key.decrypt(changed, "a").ok()) << i;
    EXPECT_FALSE(key.decrypt(text.substr(0, i), "a").ok()) << i;
  }
}

}  // namespace
}  // namespace daybook
