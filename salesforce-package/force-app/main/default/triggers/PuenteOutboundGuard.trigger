trigger PuenteOutboundGuard on Puente_Outbound__c(before update) {
    PuenteVersionGuard.keepHigher(Trigger.new, Trigger.oldMap);
}
