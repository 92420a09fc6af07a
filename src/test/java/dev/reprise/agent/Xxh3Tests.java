package dev.reprise.agent;

import java.lang.foreign.MemorySegment;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class Xxh3Tests {

	private static final long SEED = 0x9E3779B97F4A7C15L;

	/**
	 * Length, whether seeded, and what libxxhash 0.8 gives for bytes
	 * {@code 31 i + length}: the low and the high half of 128 bits, and 64 bits without
	 * seed for short ones.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = ' ', textBlock = """
			0 0 6001c324468d497f 99aa06d3014798d8 2d06800538d394c2
			0 1 4ca5176998171787 d142977a2cca554b 2d06800538d394c2
			1 0 e12ef9d2eb86ceeb 51025a4491835505 e12ef9d2eb86ceeb
			1 1 439a256d3da4e7e3 d5b58916903197bd e12ef9d2eb86ceeb
			3 0 b2b06c45ef888ef4 cc8e6820ecf50fe2 b2b06c45ef888ef4
			3 1 d439ec026fff5633 2aa943456618fd36 b2b06c45ef888ef4
			4 0 2a62ed5457cff899 f55f202a13a6ccbf 8b806c96ec81f796
			4 1 b703a8ba9610d5f2 29d5aaaf796489f1 8b806c96ec81f796
			8 0 6e4d0a472d43d97a 25bf81337a31837b 65d8b6bd6573b7b0
			8 1 e6c52b24958421a6 dfe756a9a270bfec 65d8b6bd6573b7b0
			9 0 32f4b492daf45827 a0d44667990720cd b5f2eed243ec7bcb
			9 1 7cf19f2bc7c418ed a841fbb2f7c39dff b5f2eed243ec7bcb
			16 0 e78ca1172bc65c2a 15bd35246294a28b 49d5450d8a85f113
			16 1 2b427b9a5e1b8d15 2c057d116e91767d 49d5450d8a85f113
			17 0 69e500ec649282ba b62f72b513101610 8d676ab55fd41af7
			17 1 33324ba9f25104e6 64c91157a597b604 8d676ab55fd41af7
			32 0 ac94c47f836d3fab a2bd58f5eaac4e39 6dbdae88dae0d09c
			32 1 64af60585e2c27ef 5396a68690f61e3b 6dbdae88dae0d09c
			33 0 9f2088b3ccea9ce1 50fbd54c84cd3738 40625e2b1ae2531c
			33 1 87ef545e1bcd3f5b 70bad3f5259f49ff 40625e2b1ae2531c
			64 0 127575e7743e95e4 f2277d7296f91bd0 126d7b47cbb1d0f0
			64 1 8e1fb7bb36546147 33984758d50a1bb9 126d7b47cbb1d0f0
			65 0 3ce0463f432c1d24 e20f7a3418489391 9b8972aa39b25570
			65 1 b1be6ec4b62fd452 b9962c171879b714 9b8972aa39b25570
			96 0 3e22bf298e82ba50 ce0da673b5fbdcab 261ddafef0930988
			96 1 387f3412c4bf0ee3 8cb1b4490e6ce89e 261ddafef0930988
			97 0 543179852440a35d 1ae5d88d822221d3 a815a9e59a0c66bd
			97 1 590aa0d168c28039 8855d90876a66 a815a9e59a0c66bd
			128 0 d1aa5246ad21d87a fbfd6295032ebee0 50abcbca6bb1912f
			128 1 6eb692f196ef2b13 ff262dde38f22663 50abcbca6bb1912f
			129 0 abb24f3fd723ad97 cdcaf309f3f67580 -
			129 1 74b3eb2624908440 2ef31973490bbd21 -
			160 0 ab9e670dcc0663fb cdc14b51ebd5dd01 -
			160 1 f64a0d644bdfbb01 a8f5afe9c9248afc -
			161 0 46a7cf6bec41e8b0 48253ec06d69869c -
			161 1 11d719937303abbd 8ea014217471f04c -
			240 0 8aacab788a1e6510 b6f0f9c097795736 -
			240 1 942576856aa2f1c4 73fe1571b4d9502b -
			241 0 31c2d8792b29abb5 572edec69154ec2c -
			241 1 8604af1bbbe12d2 d2418dfee0bc4a33 -
			512 0 b1844eecde6b4d7 7739d0207416c966 -
			512 1 f2c8ffee10a4aa30 93e3dcfe0f46c7cb -
			1023 0 807c64f5ca5a907b be68af88c26256f4 -
			1023 1 2003bee8d8dbce6f 54ae9dbc151b810b -
			1024 0 4986ea1c273817c6 65165ebd1d6233bf -
			1024 1 3f0fac5d8270662 8bf1928c446c78f0 -
			1025 0 8bccc0d0cd347025 cdd3506628d2d398 -
			1025 1 c7e25826530db7ea c4ed280662c3820c -
			1088 0 4a71b8b3d27162ab 72097a94a6969cab -
			1088 1 931dabc7da946a02 483d7e435faa8ebf -
			1089 0 6debe093717a996f 8171f21f3f8b4c6a -
			1089 1 e728b6d72c9444b2 6cf06d203df2c824 -
			70000 0 8b874277deb36166 70806bd92030d850 -
			70000 1 b03a997d38f45003 252fc78039588cf4 -
			""")
	void bitsAreThoseOfLibxxhash(int length, int seeded, String low, String high, String short64) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) (31 * i + length);
		}
		Xxh3.Hash hash = Xxh3.hash128(MemorySegment.ofArray(bytes), seeded * SEED);
		assertThat(Long.toHexString(hash.low())).isEqualTo(low);
		assertThat(Long.toHexString(hash.high())).isEqualTo(high);
		if (length <= 128) {
			assertThat(Long.toHexString(Xxh3.hash64(bytes))).isEqualTo(short64);
		}
		else {
			assertThatIllegalArgumentException().isThrownBy(() -> Xxh3.hash64(bytes));
		}
	}

}
