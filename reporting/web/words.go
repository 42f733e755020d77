package web

import "maps"

// sentence is one thing to say, in every language pages are shown in.
type sentence struct{ de, en string }

// pageWords are the sentences of the pages. Names of roles, quantities and
// figures stand behind their kind: "role:it_load".
func pageWords() map[string]sentence {
	all := map[string]sentence{}
	for _, topic := range wordTopics() {
		maps.Copy(all, topic)
	}
	return all
}

// wordTopics are the tables of sentences, one a topic; no key is in two of them.
func wordTopics() []map[string]sentence {
	return []map[string]sentence{
		frameWords(), codeWords(), apiWords(),
		cityWords(), pooledWords(), portfolioWords(), siteWords(), pointWords(), substituteWords(),
		healthWords(), meterWords(), findingWords(), commitmentWords(),
		signinWords(), secondWords(), accountWords(), accountsWords(), grantWords(), ownTokenWords(),
		handInWords(), previewWords(), mappingWords(), mappingTableWords(), readWords(), submissionWords(),
		handedInWords(), releaseWords(), completenessWords(), questionnaireWords(), answerWords(), evidenceWords(),
		judgementWords(), publicationWords(), publishedWords(), troubleWords(), inboxWords(), historyWords(), recordWords(), paperFactWords(),
		worklistWords(), subscriptionWords(), formWords(), toldWords(), faultWords(), recordFaultWords(),
		heatWords(), heatSourceWords(), planWords(),
		ogcWords(), ogcFieldWords(),
	}
}
