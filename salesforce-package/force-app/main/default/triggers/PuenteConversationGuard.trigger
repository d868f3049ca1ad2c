trigger PuenteConversationGuard on Puente_Conversation__c(before update) {
    PuenteVersionGuard.keepHigher(Trigger.new, Trigger.oldMap);
}
